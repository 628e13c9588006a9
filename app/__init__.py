"""crm-gateway: one GraphQL schema over leads, contacts, opportunities, tasks and activities."""

__version__ = "0.1.0"
