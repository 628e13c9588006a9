"""Servers that benchmarks of GraphQL run beside the gateway."""
