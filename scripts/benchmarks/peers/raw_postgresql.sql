-- Each operation as one constant statement that gives the text of the gateway's answer: what no server that asks
-- PostgreSQL can be far below.

-- name: Q1
SELECT '{"data":{"lead":' || coalesce((
  SELECT row_to_json(x)::text FROM (
    SELECT id, name, display_name AS "displayName", description, url, source, date_created AS "dateCreated",
      date_updated AS "dateUpdated"
    FROM lead WHERE organization_id = $organization AND id = $id
  ) AS x
), 'null') || '}}'

-- name: Q2
SELECT '{"data":{"leads":{"nodes":' || coalesce(json_agg(row_to_json(x))::text, '[]') || '}}}' FROM (
  SELECT l.id, l.name, l.url, l.date_created AS "dateCreated",
    (SELECT row_to_json(s) FROM (
      SELECT label FROM lead_status WHERE organization_id = $organization AND id = l.status_id
    ) AS s) AS status,
    (SELECT row_to_json(n) FROM (
      SELECT coalesce(json_agg(row_to_json(c)), '[]') AS nodes FROM (
        SELECT id, name, title,
          (SELECT coalesce(json_agg(row_to_json(e)), '[]') FROM (
            SELECT email, type FROM contact_email
            WHERE organization_id = $organization AND contact_id = contact.id ORDER BY position
          ) AS e) AS emails,
          (SELECT coalesce(json_agg(row_to_json(p)), '[]') FROM (
            SELECT phone, type FROM contact_phone
            WHERE organization_id = $organization AND contact_id = contact.id ORDER BY position
          ) AS p) AS phones
        FROM contact WHERE organization_id = $organization AND lead_id = l.id ORDER BY date_created, id LIMIT 25
      ) AS c
    ) AS n) AS contacts,
    (SELECT row_to_json(n) FROM (
      SELECT coalesce(json_agg(row_to_json(t)), '[]') AS nodes FROM (
        SELECT id, is_complete AS "isComplete", date_created AS "dateCreated", text FROM task
        WHERE organization_id = $organization AND lead_id = l.id AND type = 'lead' ORDER BY date_created, id LIMIT 25
      ) AS t
    ) AS n) AS tasks,
    (SELECT row_to_json(n) FROM (
      SELECT coalesce(json_agg(row_to_json(o)), '[]') AS nodes FROM (
        SELECT id, note, confidence, close_date AS "closeDate",
          (SELECT row_to_json(s) FROM (
            SELECT label FROM opportunity_status WHERE organization_id = $organization AND id = opportunity.status_id
          ) AS s) AS status
        FROM opportunity WHERE organization_id = $organization AND lead_id = l.id
        ORDER BY date_created DESC, id DESC LIMIT 25
      ) AS o
    ) AS n) AS opportunities,
    (SELECT row_to_json(n) FROM (
      SELECT coalesce(json_agg(row_to_json(a)), '[]') AS nodes FROM (
        SELECT id, upper(type) AS type, date FROM activity WHERE organization_id = $organization AND lead_id = l.id
        ORDER BY activity.date DESC, id DESC LIMIT 5
      ) AS a
    ) AS n) AS activities
  FROM (
    SELECT * FROM lead WHERE organization_id = $organization AND date_created > $after::text::timestamptz
    ORDER BY date_created, id LIMIT 50
  ) AS l
  ORDER BY l.date_created, l.id
) AS x

-- name: Q3
SELECT '{"data":{"search":{"nodes":' || coalesce(json_agg(row_to_json(x))::text, '[]') || '}}}' FROM (
  SELECT c.id, c.name, c.title,
    (SELECT row_to_json(l) FROM (
      SELECT id, name FROM lead WHERE organization_id = $organization AND id = c.lead_id
    ) AS l) AS lead
  FROM (
    SELECT contact.* FROM contact
    WHERE organization_id = $organization
      AND array_to_tsvector(string_to_array(title_words, ' ')) @@ to_tsquery('simple', $word::text)
      AND EXISTS (
        SELECT FROM lead WHERE lead.organization_id = $organization AND lead.id = contact.lead_id
          AND status_id = ANY ($statuses::text[])
      )
    ORDER BY date_created DESC, id DESC LIMIT 50
  ) AS c
  ORDER BY c.date_created DESC, c.id DESC
) AS x

-- name: Q7
SELECT '{"data":{"activities":{"nodes":' || coalesce(json_agg(x.node)::text, '[]') || '}}}' FROM (
  SELECT CASE type
    WHEN 'call' THEN (SELECT row_to_json(n) FROM (
      SELECT id, upper(type) AS type, date, upper(direction) AS direction, duration, phone, text AS "callNote") AS n)
    WHEN 'email' THEN (SELECT row_to_json(n) FROM (
      SELECT id, upper(type) AS type, date, upper(direction) AS direction, subject, sender, text AS "bodyText") AS n)
    WHEN 'note' THEN (SELECT row_to_json(n) FROM (SELECT id, upper(type) AS type, date, text AS "noteText") AS n)
    WHEN 'sms' THEN (SELECT row_to_json(n) FROM (
      SELECT id, upper(type) AS type, date, upper(direction) AS direction, text AS "smsText", phone AS "remotePhone") AS n)
    WHEN 'meeting' THEN (SELECT row_to_json(n) FROM (
      SELECT id, upper(type) AS type, date, subject AS title, starts_at AS "startsAt", ends_at AS "endsAt",
        text AS "meetingNote") AS n)
    ELSE (SELECT row_to_json(n) FROM (
      SELECT id, upper(type) AS type, date, old_label AS "oldLabel", new_label AS "newLabel") AS n)
    END AS node
  FROM (
    SELECT * FROM activity WHERE organization_id = $organization AND date > $after::text::timestamptz
    ORDER BY activity.date, id LIMIT 50
  ) AS a
  ORDER BY a.date, a.id
) AS x
