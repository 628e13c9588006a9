"""Import and export of the leads-export JSON format of the source's product.

A file is an array of leads, an envelope with `data`, or leads one after another as in JSON lines, perhaps packed by
gzip or xz. Each lead has its contacts, opportunities, tasks and activities inside. `import_file` reads it twice: once
to learn which users, statuses, types and custom fields it names, once to write it in batches; `export_leads` writes
what `import_file` reads, with these keys beyond the format's own:

- an opportunity's `close_date` and a task's `date_completed`,
- a custom activity's `custom_activity_type_name`,
- a lead's `custom_fields`: the definitions of the fields that it is the first one to use.

Definitions of custom fields come by themselves, too, as the REST API lists them: `import_custom_fields`.

Each kind of object has its keys in one place, for both ways: leads, contacts, opportunities, tasks, activities.
"""

from app.services.close_format.exporting import export_leads
from app.services.close_format.faults import ImportFault
from app.services.close_format.importing import import_file
from app.services.close_format.importing_fields import FieldsSummary, import_custom_fields
from app.services.close_format.summary import Counts, ImportSummary, Made

__all__ = [
    "Counts",
    "FieldsSummary",
    "ImportFault",
    "ImportSummary",
    "Made",
    "export_leads",
    "import_custom_fields",
    "import_file",
]
