"""Floor 5: how the gateway is reached. GraphQL over HTTP, keys, health, and the page at `/`."""
