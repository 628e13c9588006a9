"""Floor 2: what one may do. A use case checks the permission, works in one transaction, and records what it did."""
