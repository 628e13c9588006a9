"""Floor 3: how the CRM is asked. Types, inputs, payloads and what each field stands on."""

from app.graphql import enums as enums
