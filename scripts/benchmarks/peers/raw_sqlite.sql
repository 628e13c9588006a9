-- Each operation as one constant statement that gives the text of the gateway's answer, on SQLite.

-- name: Q1
SELECT '{"data":{"lead":' || coalesce((
  SELECT json_object('id', id, 'name', name, 'displayName', display_name, 'description', description, 'url', url,
    'source', source, 'dateCreated', date_created, 'dateUpdated', date_updated)
  FROM lead WHERE organization_id = $organization AND id = $id
), 'null') || '}}'

-- name: Q2
SELECT '{"data":{"leads":{"nodes":' || json_group_array(json(x.node)) || '}}}' FROM (
  SELECT json_object(
    'id', l.id, 'name', l.name, 'url', l.url, 'dateCreated', l.date_created,
    'status', (
      SELECT json_object('label', label) FROM lead_status WHERE organization_id = $organization AND id = l.status_id
    ),
    'contacts', json_object('nodes', (
      SELECT json_group_array(json_object(
        'id', id, 'name', name, 'title', title,
        'emails', (
          SELECT json_group_array(json_object('email', email, 'type', type)) FROM (
            SELECT email, type FROM contact_email
            WHERE organization_id = $organization AND contact_id = c.id ORDER BY position
          )
        ),
        'phones', (
          SELECT json_group_array(json_object('phone', phone, 'type', type)) FROM (
            SELECT phone, type FROM contact_phone
            WHERE organization_id = $organization AND contact_id = c.id ORDER BY position
          )
        )
      )) FROM (
        SELECT id, name, title FROM contact
        WHERE organization_id = $organization AND lead_id = l.id ORDER BY date_created, id LIMIT 25
      ) AS c
    )),
    'tasks', json_object('nodes', (
      SELECT json_group_array(json_object(
        'id', id, 'isComplete', json(iif(is_complete, 'true', 'false')), 'dateCreated', date_created, 'text', text
      )) FROM (
        SELECT id, is_complete, date_created, text FROM task
        WHERE organization_id = $organization AND lead_id = l.id AND type = 'lead' ORDER BY date_created, id LIMIT 25
      )
    )),
    'opportunities', json_object('nodes', (
      SELECT json_group_array(json_object(
        'id', id, 'note', note, 'confidence', confidence, 'closeDate', close_date,
        'status', (
          SELECT json_object('label', label) FROM opportunity_status
          WHERE organization_id = $organization AND id = o.status_id
        )
      )) FROM (
        SELECT id, note, confidence, close_date, status_id FROM opportunity
        WHERE organization_id = $organization AND lead_id = l.id ORDER BY date_created DESC, id DESC LIMIT 25
      ) AS o
    )),
    'activities', json_object('nodes', (
      SELECT json_group_array(json_object('id', id, 'type', upper(type), 'date', date)) FROM (
        SELECT id, type, date FROM activity
        WHERE organization_id = $organization AND lead_id = l.id ORDER BY date DESC, id DESC LIMIT 5
      )
    ))
  ) AS node FROM (
    SELECT * FROM lead WHERE organization_id = $organization AND date_created > $after
    ORDER BY date_created, id LIMIT 50
  ) AS l
) AS x

-- name: Q3
SELECT '{"data":{"search":{"nodes":' || json_group_array(json(x.node)) || '}}}' FROM (
  SELECT json_object(
    'id', c.id, 'name', c.name, 'title', c.title,
    'lead', (SELECT json_object('id', id, 'name', name) FROM lead WHERE organization_id = $organization AND id = c.lead_id)
  ) AS node FROM (
    SELECT contact.* FROM contact
    WHERE organization_id = $organization
      AND ' ' || title_words LIKE '% ' || $word || ' %'
      AND EXISTS (
        SELECT 1 FROM lead WHERE lead.organization_id = $organization AND lead.id = contact.lead_id
          AND status_id IN (SELECT value FROM json_each($statuses))
      )
    ORDER BY date_created DESC, id DESC LIMIT 50
  ) AS c
) AS x
