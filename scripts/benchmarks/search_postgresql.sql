-- The questions in SQL by hand. $columns are those of the object x; the views of crm_search let words reach their index.

-- name: one custom field
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization AND EXISTS (
    SELECT 1 FROM crm_search.custom_field_value v
    WHERE v.organization_id = :organization AND v.field_id = :industry AND v.item = 'Software' AND v.lead_id = x.id)
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: text over names
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization
  AND array_to_tsvector(string_to_array(x.display_name_words, ' ')) @@ '''kabe'':*'::tsquery
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: words anywhere in a lead
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization
  AND x.id IN (
    SELECT y.id FROM crm_search.lead y
    WHERE y.organization_id = :organization
      AND (array_to_tsvector(string_to_array(y.display_name_words, ' ')) @@ 'solar'::tsquery
        OR array_to_tsvector(string_to_array(y.name_words, ' ')) @@ 'solar'::tsquery
        OR array_to_tsvector(string_to_array(y.description_words, ' ')) @@ 'solar'::tsquery
        OR array_to_tsvector(string_to_array(y.url_words, ' ')) @@ 'solar'::tsquery)
    UNION ALL
    SELECT v.lead_id FROM crm_search.custom_field_value v
    WHERE v.organization_id = :organization AND v.lead_id IS NOT NULL
      AND array_to_tsvector(string_to_array(v.text_words, ' ')) @@ 'solar'::tsquery)
  AND x.id IN (
    SELECT y.id FROM crm_search.lead y
    WHERE y.organization_id = :organization
      AND (array_to_tsvector(string_to_array(y.display_name_words, ' ')) @@ 'energy'::tsquery
        OR array_to_tsvector(string_to_array(y.name_words, ' ')) @@ 'energy'::tsquery
        OR array_to_tsvector(string_to_array(y.description_words, ' ')) @@ 'energy'::tsquery
        OR array_to_tsvector(string_to_array(y.url_words, ' ')) @@ 'energy'::tsquery)
    UNION ALL
    SELECT v.lead_id FROM crm_search.custom_field_value v
    WHERE v.organization_id = :organization AND v.lead_id IS NOT NULL
      AND array_to_tsvector(string_to_array(v.text_words, ' ')) @@ 'energy'::tsquery)
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: opportunity in status, value range
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization AND EXISTS (
    SELECT 1 FROM crm_search.opportunity o
    WHERE o.organization_id = :organization AND o.lead_id = x.id
      AND o.status_id = :negotiation AND o.value_cents BETWEEN 5000000 AND 25000000)
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: last call older than 30 days
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization AND (
    SELECT max(a.date) FROM crm_search.activity a
    WHERE a.organization_id = :organization AND a.lead_id = x.id AND a.type = 'call') < :month_ago
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: any of three
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization AND (
    array_to_tsvector(string_to_array(x.source_words, ' ')) @@ 'referral'::tsquery
    OR EXISTS (
        SELECT 1 FROM crm_search.contact c
        WHERE c.organization_id = :organization AND c.lead_id = x.id AND (
            array_to_tsvector(string_to_array(c.title_words, ' ')) @@ 'ceo'::tsquery
            OR EXISTS (
                SELECT 1 FROM crm_search.contact_email e
                WHERE e.organization_id = :organization AND e.contact_id = c.id
                  AND array_to_tsvector(string_to_array(e.email_words, ' ')) @@ 'nocobe'::tsquery))))
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: no email at all
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization AND NOT EXISTS (
    SELECT 1 FROM crm_search.activity a
    WHERE a.organization_id = :organization AND a.lead_id = x.id AND a.type = 'email')
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: by name, deep in the pages
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization AND x.status_id IN (:potential, :qualified)
  AND (x.sort_name, x.id) > (:after_0, :after_1)
ORDER BY x.sort_name, x.id LIMIT 26

-- name: counts of emails and phones
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization
  AND (
    SELECT count(*) FROM crm_search.activity a
    WHERE a.organization_id = :organization AND a.lead_id = x.id AND a.type = 'email') > 5
  AND (
    SELECT count(*) FROM crm_search.contact c
    JOIN crm_search.contact_phone p ON p.organization_id = c.organization_id AND p.contact_id = c.id
    WHERE c.organization_id = :organization AND c.lead_id = x.id) >= 3
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: contact by title and its lead's field
SELECT $columns FROM crm_search.contact x
WHERE x.organization_id = :organization
  AND array_to_tsvector(string_to_array(x.title_words, ' ')) @@ 'ceo'::tsquery
  AND EXISTS (
    SELECT 1 FROM crm_search.custom_field_value v
    WHERE v.organization_id = :organization AND v.field_id = :industry AND v.item = 'Software' AND v.lead_id = x.lead_id)
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: largest by a custom number
SELECT $columns FROM crm_search.custom_field_value n
JOIN crm_search.lead x ON x.organization_id = n.organization_id AND x.id = n.lead_id
WHERE n.organization_id = :organization AND n.field_id = :employees AND n.number_key >= :five_hundred
  AND EXISTS (
    SELECT 1 FROM crm_search.custom_field_value v
    WHERE v.organization_id = :organization AND v.field_id = :industry AND v.item = 'Software' AND v.lead_id = x.id)
ORDER BY n.number_key DESC, x.id DESC LIMIT 26

-- name: created in the last 30 days
SELECT $columns FROM crm_search.lead x
WHERE x.organization_id = :organization AND x.date_created >= :month_ago AND x.status_id = :qualified
ORDER BY x.date_created DESC, x.id DESC LIMIT 26

-- name: total of opportunities in status
SELECT count(DISTINCT o.lead_id) FROM crm_search.opportunity o
WHERE o.organization_id = :organization AND o.status_id = :negotiation AND o.value_cents BETWEEN 5000000 AND 25000000
