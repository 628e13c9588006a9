"""Searches: leads and contacts that match a filter tree, page by page."""
