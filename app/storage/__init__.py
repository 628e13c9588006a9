"""Floor 1: where the CRM is kept. Tables, batch reads and scoped sessions; nothing of GraphQL."""
