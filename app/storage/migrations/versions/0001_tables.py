"""The tables of the CRM"""

import sqlalchemy as sa
from alembic import op

from app.storage import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organization",
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("time_zone", types.Word(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
    )
    op.create_table(
        "lead_status",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_key", types.Word(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_lead_status_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_lead_status")),
        sa.UniqueConstraint("organization_id", "label_key", name=op.f("uq_lead_status_organization_id_label_key")),
    )
    op.create_table(
        "pipeline",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", types.Word(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_pipeline_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_pipeline")),
        sa.UniqueConstraint("organization_id", "name_key", name=op.f("uq_pipeline_organization_id_name_key")),
    )
    op.create_table(
        "role",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", types.Word(), nullable=False),
        sa.Column("permissions", types.Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_role_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_role")),
        sa.UniqueConstraint("organization_id", "name_key", name=op.f("uq_role_organization_id_name_key")),
    )
    op.create_table(
        "opportunity_status",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("pipeline_id", types.Word(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_key", types.Word(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "pipeline_id"],
            ["pipeline.organization_id", "pipeline.id"],
            name=op.f("fk_opportunity_status_organization_id_pipeline_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_opportunity_status_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_opportunity_status")),
        sa.UniqueConstraint(
            "organization_id",
            "pipeline_id",
            "label_key",
            name=op.f("uq_opportunity_status_organization_id_pipeline_id_label_key"),
        ),
    )
    op.create_table(
        "user",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("display_name", types.Word(), nullable=False),
        sa.Column("email", types.Word(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("time_zone", types.Word(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("role_id", types.Word(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "role_id"],
            ["role.organization_id", "role.id"],
            name=op.f("fk_user_organization_id_role_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_user_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_user")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("user_id", types.Word(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("loopback_only", sa.Boolean(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.Column("date_revoked", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "user_id"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_api_key_organization_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_api_key_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index("ix_api_key_organization_id", ["organization_id"], unique=False)

    op.create_table(
        "custom_activity_type",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.Column("date_updated", types.Instant(), nullable=False),
        sa.Column("created_by", types.Word(), nullable=True),
        sa.Column("updated_by", types.Word(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", types.Word(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("api_create_only", sa.Boolean(), nullable=False),
        sa.Column("editable_with_role_ids", types.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_custom_activity_type_organization_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "updated_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_custom_activity_type_organization_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_custom_activity_type_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_custom_activity_type")),
        sa.UniqueConstraint(
            "organization_id", "name_key", name=op.f("uq_custom_activity_type_organization_id_name_key")
        ),
    )
    op.create_table(
        "lead",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.Column("date_updated", types.Instant(), nullable=False),
        sa.Column("created_by", types.Word(), nullable=True),
        sa.Column("updated_by", types.Word(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("sort_name", types.Word(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("status_id", types.Word(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("details", types.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_lead_organization_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "status_id"],
            ["lead_status.organization_id", "lead_status.id"],
            name=op.f("fk_lead_organization_id_status_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "updated_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_lead_organization_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_lead_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_lead")),
    )
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index("ix_lead_date_created", ["organization_id", "date_created", "id"], unique=False)
        batch_op.create_index("ix_lead_date_updated", ["organization_id", "date_updated", "id"], unique=False)
        batch_op.create_index("ix_lead_sort_name", ["organization_id", "sort_name", "id"], unique=False)
        batch_op.create_index("ix_lead_status_id", ["organization_id", "status_id", "id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.Column("date_updated", types.Instant(), nullable=False),
        sa.Column("created_by", types.Word(), nullable=True),
        sa.Column("updated_by", types.Word(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lead_id", types.Word(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("sort_name", types.Word(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("details", types.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_contact_organization_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name=op.f("fk_contact_organization_id_lead_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "updated_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_contact_organization_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contact_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_date_created", ["organization_id", "date_created", "id"], unique=False)
        batch_op.create_index("ix_contact_date_updated", ["organization_id", "date_updated", "id"], unique=False)
        batch_op.create_index(
            "ix_contact_lead_id_date_created", ["organization_id", "lead_id", "date_created", "id"], unique=False
        )
        batch_op.create_index("ix_contact_sort_name", ["organization_id", "sort_name", "id"], unique=False)

    op.create_table(
        "custom_field",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.Column("date_updated", types.Instant(), nullable=False),
        sa.Column("created_by", types.Word(), nullable=True),
        sa.Column("updated_by", types.Word(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("custom_activity_type_id", types.Word(), nullable=True),
        sa.Column("home", types.Word(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", types.Word(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("data_type", sa.String(length=40), nullable=False),
        sa.Column("choices", types.Json, nullable=True),
        sa.Column("accepts_multiple_values", sa.Boolean(), nullable=False),
        sa.Column("editable_with_role_ids", types.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_custom_field_organization_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "custom_activity_type_id"],
            ["custom_activity_type.organization_id", "custom_activity_type.id"],
            name=op.f("fk_custom_field_organization_id_custom_activity_type_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "updated_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_custom_field_organization_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_custom_field_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint(
            "organization_id", "home", "name_key", name=op.f("uq_custom_field_organization_id_home_name_key")
        ),
    )
    op.create_table(
        "lead_address",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("lead_id", types.Word(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("address_1", sa.Text(), nullable=True),
        sa.Column("address_2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("zipcode", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name=op.f("fk_lead_address_organization_id_lead_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_lead_address_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_lead_address")),
        sa.UniqueConstraint(
            "organization_id", "lead_id", "position", name=op.f("uq_lead_address_organization_id_lead_id_position")
        ),
    )
    op.create_table(
        "activity",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.Column("date_updated", types.Instant(), nullable=False),
        sa.Column("created_by", types.Word(), nullable=True),
        sa.Column("updated_by", types.Word(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("lead_id", types.Word(), nullable=True),
        sa.Column("contact_id", types.Word(), nullable=True),
        sa.Column("user_id", types.Word(), nullable=True),
        sa.Column("date", types.Instant(), nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=True),
        sa.Column("status", types.Word(), nullable=True),
        sa.Column("disposition", sa.String(length=40), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("text_html", sa.Text(), nullable=True),
        sa.Column("sender", types.Word(), nullable=True),
        sa.Column("phone", types.Word(), nullable=True),
        sa.Column("local_phone", types.Word(), nullable=True),
        sa.Column("starts_at", types.Instant(), nullable=True),
        sa.Column("ends_at", types.Instant(), nullable=True),
        sa.Column("date_scheduled", types.Instant(), nullable=True),
        sa.Column("date_sent", types.Instant(), nullable=True),
        sa.Column("thread_id", types.Word(), nullable=True),
        sa.Column("custom_type_id", types.Word(), nullable=True),
        sa.Column("object_id", types.Word(), nullable=True),
        sa.Column("old_status_id", types.Word(), nullable=True),
        sa.Column("new_status_id", types.Word(), nullable=True),
        sa.Column("old_label", sa.Text(), nullable=True),
        sa.Column("new_label", sa.Text(), nullable=True),
        sa.Column("details", types.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_activity_organization_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_activity_organization_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "custom_type_id"],
            ["custom_activity_type.organization_id", "custom_activity_type.id"],
            name=op.f("fk_activity_organization_id_custom_type_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name=op.f("fk_activity_organization_id_lead_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "thread_id"],
            ["activity.organization_id", "activity.id"],
            name=op.f("fk_activity_organization_id_thread_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "updated_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_activity_organization_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "user_id"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_activity_organization_id_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_activity_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(
            "ix_activity_contact_id_date", ["organization_id", "contact_id", "date", "id"], unique=False
        )
        batch_op.create_index(
            "ix_activity_custom_type_id_date", ["organization_id", "custom_type_id", "date", "id"], unique=False
        )
        batch_op.create_index("ix_activity_date", ["organization_id", "date", "id"], unique=False)
        batch_op.create_index("ix_activity_date_created", ["organization_id", "date_created", "id"], unique=False)
        batch_op.create_index("ix_activity_lead_id_date", ["organization_id", "lead_id", "date", "id"], unique=False)
        batch_op.create_index(
            "ix_activity_lead_id_type_date", ["organization_id", "lead_id", "type", "date", "id"], unique=False
        )
        batch_op.create_index("ix_activity_object_id", ["organization_id", "object_id", "id"], unique=False)
        batch_op.create_index(
            "ix_activity_thread_id_date", ["organization_id", "thread_id", "date", "id"], unique=False
        )
        batch_op.create_index("ix_activity_type_date", ["organization_id", "type", "date", "id"], unique=False)
        batch_op.create_index("ix_activity_user_id_date", ["organization_id", "user_id", "date", "id"], unique=False)

    op.create_table(
        "contact_email",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("contact_id", types.Word(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("is_unsubscribed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_contact_email_organization_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contact_email_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_contact_email")),
        sa.UniqueConstraint(
            "organization_id",
            "contact_id",
            "position",
            name=op.f("uq_contact_email_organization_id_contact_id_position"),
        ),
    )
    op.create_table(
        "contact_phone",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("contact_id", types.Word(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_contact_phone_organization_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contact_phone_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_contact_phone")),
        sa.UniqueConstraint(
            "organization_id",
            "contact_id",
            "position",
            name=op.f("uq_contact_phone_organization_id_contact_id_position"),
        ),
    )
    op.create_table(
        "contact_url",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("contact_id", types.Word(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_contact_url_organization_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contact_url_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_contact_url")),
        sa.UniqueConstraint(
            "organization_id", "contact_id", "position", name=op.f("uq_contact_url_organization_id_contact_id_position")
        ),
    )
    op.create_table(
        "custom_field_placement",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("target", types.Word(), nullable=False),
        sa.Column("field_id", types.Word(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("editable_with_role_ids", types.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "field_id"],
            ["custom_field.organization_id", "custom_field.id"],
            name=op.f("fk_custom_field_placement_organization_id_field_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_custom_field_placement_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_custom_field_placement")),
        sa.UniqueConstraint(
            "organization_id",
            "target",
            "field_id",
            name=op.f("uq_custom_field_placement_organization_id_target_field_id"),
        ),
    )
    with op.batch_alter_table("custom_field_placement", schema=None) as batch_op:
        batch_op.create_index(
            "ix_custom_field_placement_target_position", ["organization_id", "target", "position", "id"], unique=False
        )

    op.create_table(
        "opportunity",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.Column("date_updated", types.Instant(), nullable=False),
        sa.Column("created_by", types.Word(), nullable=True),
        sa.Column("updated_by", types.Word(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lead_id", types.Word(), nullable=False),
        sa.Column("contact_id", types.Word(), nullable=True),
        sa.Column("user_id", types.Word(), nullable=True),
        sa.Column("status_id", types.Word(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("value_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("value_period", sa.String(length=40), nullable=False),
        sa.Column("close_date", sa.Date(), nullable=True),
        sa.Column("date_won", sa.Date(), nullable=True),
        sa.Column("date_lost", types.Instant(), nullable=True),
        sa.Column("details", types.Json, nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 100", name=op.f("ck_opportunity_confidence")),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_opportunity_organization_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_opportunity_organization_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name=op.f("fk_opportunity_organization_id_lead_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "status_id"],
            ["opportunity_status.organization_id", "opportunity_status.id"],
            name=op.f("fk_opportunity_organization_id_status_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "updated_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_opportunity_organization_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "user_id"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_opportunity_organization_id_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_opportunity_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_opportunity")),
    )
    with op.batch_alter_table("opportunity", schema=None) as batch_op:
        batch_op.create_index("ix_opportunity_close_date", ["organization_id", "close_date", "id"], unique=False)
        batch_op.create_index("ix_opportunity_confidence", ["organization_id", "confidence", "id"], unique=False)
        batch_op.create_index(
            "ix_opportunity_contact_id_date_created",
            ["organization_id", "contact_id", "date_created", "id"],
            unique=False,
        )
        batch_op.create_index("ix_opportunity_date_created", ["organization_id", "date_created", "id"], unique=False)
        batch_op.create_index("ix_opportunity_date_updated", ["organization_id", "date_updated", "id"], unique=False)
        batch_op.create_index(
            "ix_opportunity_lead_id_date_created", ["organization_id", "lead_id", "date_created", "id"], unique=False
        )
        batch_op.create_index(
            "ix_opportunity_status_id_date_created",
            ["organization_id", "status_id", "date_created", "id"],
            unique=False,
        )
        batch_op.create_index("ix_opportunity_user_id", ["organization_id", "user_id", "id"], unique=False)
        batch_op.create_index("ix_opportunity_value_cents", ["organization_id", "value_cents", "id"], unique=False)

    op.create_table(
        "task",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("date_created", types.Instant(), nullable=False),
        sa.Column("date_updated", types.Instant(), nullable=False),
        sa.Column("created_by", types.Word(), nullable=True),
        sa.Column("updated_by", types.Word(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("lead_id", types.Word(), nullable=True),
        sa.Column("contact_id", types.Word(), nullable=True),
        sa.Column("assigned_to", types.Word(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("date_time", types.Instant(), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("date_completed", types.Instant(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("object_type", types.Word(), nullable=True),
        sa.Column("object_id", types.Word(), nullable=True),
        sa.Column("details", types.Json, nullable=False),
        sa.CheckConstraint("date IS NULL OR date_time IS NULL", name=op.f("ck_task_one_date")),
        sa.ForeignKeyConstraint(
            ["organization_id", "assigned_to"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_task_organization_id_assigned_to"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_task_organization_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "created_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_task_organization_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name=op.f("fk_task_organization_id_lead_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "updated_by"],
            ["user.organization_id", "user.id"],
            name=op.f("fk_task_organization_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_task_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_assigned_to_is_complete", ["organization_id", "assigned_to", "is_complete", "id"], unique=False
        )
        batch_op.create_index("ix_task_contact_id", ["organization_id", "contact_id", "id"], unique=False)
        batch_op.create_index("ix_task_date_created", ["organization_id", "date_created", "id"], unique=False)
        batch_op.create_index("ix_task_lead_id_type", ["organization_id", "lead_id", "type", "id"], unique=False)
        batch_op.create_index("ix_task_object_id", ["organization_id", "object_id", "id"], unique=False)
        batch_op.create_index(
            "ix_task_type_is_complete", ["organization_id", "type", "is_complete", "id"], unique=False
        )

    op.create_table(
        "custom_field_value",
        sa.Column("organization_id", types.Word(), nullable=False),
        sa.Column("id", types.Word(), nullable=False),
        sa.Column("object_id", types.Word(), nullable=False),
        sa.Column("owner_type", sa.String(length=40), nullable=False),
        sa.Column("lead_id", types.Word(), nullable=True),
        sa.Column("contact_id", types.Word(), nullable=True),
        sa.Column("opportunity_id", types.Word(), nullable=True),
        sa.Column("activity_id", types.Word(), nullable=True),
        sa.Column("field_id", types.Word(), nullable=False),
        sa.Column("slot", types.Word(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("number", types.Exact(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("date_time", types.Instant(), nullable=True),
        sa.Column("item", types.Word(), nullable=True),
        sa.Column("json_value", types.Json, nullable=True),
        sa.CheckConstraint(
            "object_id = coalesce(lead_id, contact_id, opportunity_id, activity_id)",
            name=op.f("ck_custom_field_value_object"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "activity_id"],
            ["activity.organization_id", "activity.id"],
            name=op.f("fk_custom_field_value_organization_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("fk_custom_field_value_organization_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "field_id"],
            ["custom_field.organization_id", "custom_field.id"],
            name=op.f("fk_custom_field_value_organization_id_field_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name=op.f("fk_custom_field_value_organization_id_lead_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "opportunity_id"],
            ["opportunity.organization_id", "opportunity.id"],
            name=op.f("fk_custom_field_value_organization_id_opportunity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_custom_field_value_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_custom_field_value")),
        sa.UniqueConstraint(
            "organization_id",
            "object_id",
            "field_id",
            "slot",
            name=op.f("uq_custom_field_value_organization_id_object_id_field_id_slot"),
        ),
    )
    with op.batch_alter_table("custom_field_value", schema=None) as batch_op:
        batch_op.create_index(
            "ix_custom_field_value_activity_id", ["organization_id", "activity_id", "id"], unique=False
        )
        batch_op.create_index("ix_custom_field_value_contact_id", ["organization_id", "contact_id", "id"], unique=False)
        batch_op.create_index(
            "ix_custom_field_value_field_id_date", ["organization_id", "field_id", "date", "id"], unique=False
        )
        batch_op.create_index(
            "ix_custom_field_value_field_id_date_time", ["organization_id", "field_id", "date_time", "id"], unique=False
        )
        batch_op.create_index(
            "ix_custom_field_value_field_id_item", ["organization_id", "field_id", "item", "id"], unique=False
        )
        batch_op.create_index(
            "ix_custom_field_value_field_id_number", ["organization_id", "field_id", "number", "id"], unique=False
        )
        batch_op.create_index("ix_custom_field_value_lead_id", ["organization_id", "lead_id", "id"], unique=False)
        batch_op.create_index(
            "ix_custom_field_value_opportunity_id", ["organization_id", "opportunity_id", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("custom_field_value", schema=None) as batch_op:
        batch_op.drop_index("ix_custom_field_value_opportunity_id")
        batch_op.drop_index("ix_custom_field_value_lead_id")
        batch_op.drop_index("ix_custom_field_value_field_id_number")
        batch_op.drop_index("ix_custom_field_value_field_id_item")
        batch_op.drop_index("ix_custom_field_value_field_id_date_time")
        batch_op.drop_index("ix_custom_field_value_field_id_date")
        batch_op.drop_index("ix_custom_field_value_contact_id")
        batch_op.drop_index("ix_custom_field_value_activity_id")

    op.drop_table("custom_field_value")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_type_is_complete")
        batch_op.drop_index("ix_task_object_id")
        batch_op.drop_index("ix_task_lead_id_type")
        batch_op.drop_index("ix_task_date_created")
        batch_op.drop_index("ix_task_contact_id")
        batch_op.drop_index("ix_task_assigned_to_is_complete")

    op.drop_table("task")
    with op.batch_alter_table("opportunity", schema=None) as batch_op:
        batch_op.drop_index("ix_opportunity_value_cents")
        batch_op.drop_index("ix_opportunity_user_id")
        batch_op.drop_index("ix_opportunity_status_id_date_created")
        batch_op.drop_index("ix_opportunity_lead_id_date_created")
        batch_op.drop_index("ix_opportunity_date_updated")
        batch_op.drop_index("ix_opportunity_date_created")
        batch_op.drop_index("ix_opportunity_contact_id_date_created")
        batch_op.drop_index("ix_opportunity_confidence")
        batch_op.drop_index("ix_opportunity_close_date")

    op.drop_table("opportunity")
    with op.batch_alter_table("custom_field_placement", schema=None) as batch_op:
        batch_op.drop_index("ix_custom_field_placement_target_position")

    op.drop_table("custom_field_placement")
    op.drop_table("contact_url")
    op.drop_table("contact_phone")
    op.drop_table("contact_email")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_user_id_date")
        batch_op.drop_index("ix_activity_type_date")
        batch_op.drop_index("ix_activity_thread_id_date")
        batch_op.drop_index("ix_activity_object_id")
        batch_op.drop_index("ix_activity_lead_id_type_date")
        batch_op.drop_index("ix_activity_lead_id_date")
        batch_op.drop_index("ix_activity_date_created")
        batch_op.drop_index("ix_activity_date")
        batch_op.drop_index("ix_activity_custom_type_id_date")
        batch_op.drop_index("ix_activity_contact_id_date")

    op.drop_table("activity")
    op.drop_table("lead_address")
    op.drop_table("custom_field")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_sort_name")
        batch_op.drop_index("ix_contact_lead_id_date_created")
        batch_op.drop_index("ix_contact_date_updated")
        batch_op.drop_index("ix_contact_date_created")

    op.drop_table("contact")
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_index("ix_lead_status_id")
        batch_op.drop_index("ix_lead_sort_name")
        batch_op.drop_index("ix_lead_date_updated")
        batch_op.drop_index("ix_lead_date_created")

    op.drop_table("lead")
    op.drop_table("custom_activity_type")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index("ix_api_key_organization_id")

    op.drop_table("api_key")
    op.drop_table("user")
    op.drop_table("opportunity_status")
    op.drop_table("role")
    op.drop_table("pipeline")
    op.drop_table("lead_status")
    op.drop_table("organization")
