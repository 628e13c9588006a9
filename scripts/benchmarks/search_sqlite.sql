-- The questions in SQL by hand. $columns are those of the object x. Words are looked up in their index where a search
-- begins with them, and read from the row where it comes by the row anyway.

-- name: one custom field
SELECT $columns FROM lead x
WHERE x.organization_id = :organization AND EXISTS (
    SELECT 1 FROM custom_field_value v
    WHERE v.organization_id = :organization AND v.field_id = :industry AND v.item = 'Software' AND v.lead_id = x.id)
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: text over names
SELECT $columns FROM lead x
WHERE x.organization_id = :organization
  AND x.id IN (
    SELECT (SELECT t.id FROM lead_text t WHERE t.number = f.rowid AND t.organization_id = :organization)
    FROM lead_fts f WHERE f.lead_fts MATCH 'display_name_words : kabe *')
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: words anywhere in a lead
SELECT $columns FROM lead x
WHERE x.organization_id = :organization
  AND x.id IN (
    SELECT (SELECT t.id FROM lead_text t WHERE t.number = f.rowid AND t.organization_id = :organization)
    FROM lead_fts f WHERE f.lead_fts MATCH '{display_name_words name_words description_words url_words} : solar'
    UNION ALL
    SELECT (
        SELECT v.lead_id FROM custom_field_value_text t, custom_field_value v
        WHERE t.number = f.rowid AND t.organization_id = :organization
          AND v.organization_id = :organization AND v.id = t.id)
    FROM custom_field_value_fts f WHERE f.custom_field_value_fts MATCH 'solar')
  AND x.id IN (
    SELECT (SELECT t.id FROM lead_text t WHERE t.number = f.rowid AND t.organization_id = :organization)
    FROM lead_fts f WHERE f.lead_fts MATCH '{display_name_words name_words description_words url_words} : energy'
    UNION ALL
    SELECT (
        SELECT v.lead_id FROM custom_field_value_text t, custom_field_value v
        WHERE t.number = f.rowid AND t.organization_id = :organization
          AND v.organization_id = :organization AND v.id = t.id)
    FROM custom_field_value_fts f WHERE f.custom_field_value_fts MATCH 'energy')
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: opportunity in status, value range
SELECT $columns FROM lead x
WHERE x.organization_id = :organization AND EXISTS (
    SELECT 1 FROM opportunity o
    WHERE o.organization_id = :organization AND o.lead_id = x.id
      AND o.status_id = :negotiation AND o.value_cents BETWEEN 5000000 AND 25000000)
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: last call older than 30 days
SELECT $columns FROM lead x
WHERE x.organization_id = :organization AND (
    SELECT max(a.date) FROM activity a
    WHERE a.organization_id = :organization AND a.lead_id = x.id AND a.type = 'call') < :month_ago
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: any of three
SELECT $columns FROM lead x
WHERE x.organization_id = :organization AND (
    instr(' ' || x.source_words || ' ', ' referral ') > 0
    OR EXISTS (
        SELECT 1 FROM contact c
        WHERE c.organization_id = :organization AND c.lead_id = x.id AND (
            instr(' ' || c.title_words || ' ', ' ceo ') > 0
            OR EXISTS (
                SELECT 1 FROM contact_email e
                WHERE e.organization_id = :organization AND e.contact_id = c.id
                  AND instr(' ' || e.email_words || ' ', ' nocobe ') > 0))))
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: no email at all
SELECT $columns FROM lead x
WHERE x.organization_id = :organization AND NOT EXISTS (
    SELECT 1 FROM activity a
    WHERE a.organization_id = :organization AND a.lead_id = x.id AND a.type = 'email')
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: by name, deep in the pages
SELECT $columns FROM lead x
WHERE x.organization_id = :organization AND x.status_id IN (:potential, :qualified)
  AND (x.sort_name, x.id) > (:after_0, :after_1)
ORDER BY x.sort_name, x.id LIMIT 26

-- name: counts of emails and phones
SELECT $columns FROM lead x
WHERE x.organization_id = :organization
  AND (
    SELECT count(*) FROM activity a
    WHERE a.organization_id = :organization AND a.lead_id = x.id AND a.type = 'email') > 5
  AND (
    SELECT count(*) FROM contact c
    JOIN contact_phone p ON p.organization_id = c.organization_id AND p.contact_id = c.id
    WHERE c.organization_id = :organization AND c.lead_id = x.id) >= 3
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: contact by title and its lead's field
SELECT $columns FROM contact x
WHERE x.organization_id = :organization
  AND instr(' ' || x.title_words || ' ', ' ceo ') > 0
  AND x.lead_id IN (
    SELECT v.lead_id FROM custom_field_value v
    WHERE v.organization_id = :organization AND v.field_id = :industry AND v.item = 'Software')
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: largest by a custom number
SELECT $columns FROM custom_field_value n
JOIN lead x ON x.organization_id = n.organization_id AND x.id = n.lead_id
WHERE n.organization_id = :organization AND n.field_id = :employees AND n.number_key >= :five_hundred
  AND EXISTS (
    SELECT 1 FROM custom_field_value v
    WHERE v.organization_id = :organization AND v.field_id = :industry AND v.item = 'Software' AND v.lead_id = x.id)
ORDER BY n.number_key DESC, x.id DESC LIMIT 26

-- name: created in the last 30 days
SELECT $columns FROM lead x
WHERE x.organization_id = :organization AND x.date_created >= :month_ago AND x.status_id = :qualified
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: total of opportunities in status
SELECT count(DISTINCT o.lead_id) FROM opportunity o
WHERE o.organization_id = :organization AND o.status_id = :negotiation AND o.value_cents BETWEEN 5000000 AND 25000000
