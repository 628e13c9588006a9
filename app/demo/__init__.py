"""The demo organization: a public data set of a hardware seller's CRM, moved up to today and told in full."""

from app.demo.leads import records
from app.demo.loading import load_demo

__all__ = ["load_demo", "records"]
