"""Floor 0: what the CRM means. Rules, values and errors; nothing but the standard library."""
