-- What the gateway's leadChangeStatus writes, for a peer that calls it as a function: the lead and its record, in one
-- statement and so in one transaction. Nothing happens where the lead has the status already.
CREATE OR REPLACE FUNCTION bench_change_lead_status(
  p_organization_id text, p_user_id text, p_lead_id text, p_status_id text
) RETURNS activity LANGUAGE sql VOLATILE AS $$
  WITH before AS (
    SELECT lead.organization_id, lead.id, status.id AS old_id, status.label AS old_label
    FROM lead JOIN lead_status AS status USING (organization_id)
    WHERE lead.organization_id = p_organization_id AND lead.id = p_lead_id AND status.id = lead.status_id
    FOR UPDATE OF lead
  ), after AS (
    SELECT id AS new_id, label AS new_label FROM lead_status WHERE organization_id = p_organization_id AND id = p_status_id
  ), moved AS (
    UPDATE lead SET status_id = new_id, version = version + 1, date_updated = now(), updated_by = p_user_id
    FROM before, after
    WHERE lead.organization_id = before.organization_id AND lead.id = before.id AND old_id <> new_id
  )
  INSERT INTO activity (
    organization_id, id, date_created, date_updated, created_by, updated_by, version, type, lead_id, user_id, date,
    old_status_id, new_status_id, old_label, new_label, details
  )
  SELECT
    p_organization_id, 'acti_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 22), now(), now(), p_user_id,
    p_user_id, 1, 'lead_status_change', p_lead_id, p_user_id, now(), old_id, new_id, old_label, new_label, '{}'
  FROM before, after WHERE old_id <> new_id
  RETURNING *
$$;

-- What leadCreate writes for a lead with contacts, but for the words that searches look for: no SQL here makes those.
CREATE OR REPLACE FUNCTION bench_create_lead(
  p_organization_id text, p_user_id text, p_name text, p_contacts jsonb
) RETURNS lead LANGUAGE sql VOLATILE AS $$
  WITH made AS (
    INSERT INTO lead (
      organization_id, id, date_created, date_updated, created_by, updated_by, version, name, display_name, sort_name,
      status_id, details
    )
    SELECT
      p_organization_id, 'lead_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 22), now(), now(), p_user_id,
      p_user_id, 1, p_name, p_name, lower(p_name), id, '{}'
    FROM (SELECT id FROM lead_status WHERE organization_id = p_organization_id ORDER BY position, id LIMIT 1) AS status
    RETURNING *
  ), person AS (
    SELECT
      'cont_0' || place || substr(replace(gen_random_uuid()::text, '-', ''), 1, 20) AS contact_id, made.id AS lead_id,
      value
    FROM made, jsonb_array_elements(p_contacts) WITH ORDINALITY AS given (value, place)
  ), contacts AS (
    INSERT INTO contact (
      organization_id, id, date_created, date_updated, created_by, updated_by, version, lead_id, name, display_name,
      sort_name, title, details
    )
    SELECT
      p_organization_id, contact_id, now(), now(), p_user_id, p_user_id, 1, lead_id, value->>'name', value->>'name',
      lower(value->>'name'), value->>'title', '{}'
    FROM person
  ), emails AS (
    INSERT INTO contact_email (organization_id, id, contact_id, position, type, email, is_unsubscribed)
    SELECT
      p_organization_id, 'part_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 22), contact_id, place - 1,
      'office', given->>'email', false
    FROM person, jsonb_array_elements(value->'emails') WITH ORDINALITY AS list (given, place)
  ), phones AS (
    INSERT INTO contact_phone (organization_id, id, contact_id, position, type, phone)
    SELECT
      p_organization_id, 'part_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 22), contact_id, place - 1,
      'office', given->>'phone'
    FROM person, jsonb_array_elements(value->'phones') WITH ORDINALITY AS list (given, place)
  ), recorded AS (
    INSERT INTO activity (
      organization_id, id, date_created, date_updated, created_by, updated_by, version, type, lead_id, user_id, date,
      details
    )
    SELECT
      p_organization_id, 'acti_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 22), now(), now(), p_user_id,
      p_user_id, 1, 'created', id, p_user_id, now(), '{"origin": "api"}'
    FROM made
  )
  SELECT * FROM made
$$;
