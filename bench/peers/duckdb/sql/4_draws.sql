-- MODEL.md §3: resources with their origin, draws in canonical order with the amounts drawn before and after each.
CREATE TABLE resources AS
WITH RECURSIVE chain AS (
  SELECT resource, collective, product_type, amount, c.common, CAST(NULL AS BIGINT) AS origin, 0 AS hop
  FROM (SELECT * FROM collectivizations UNION ALL SELECT * FROM recoveries) JOIN product_types c USING (product_type)
  UNION ALL
  SELECT o.resource, p.collective, o.product_type, o.amount, o.common, o.production, 0 FROM outputs o JOIN productions p USING (production)
  UNION ALL
  SELECT x.new_resource, x.receiver, c.product_type, x.amount, c.common, c.origin, c.hop + 1 FROM chain c JOIN transfers x ON x.resource = c.resource
) SELECT * FROM chain;
CREATE TABLE draws AS
WITH every AS (
  SELECT 0 AS rank, consumption AS id, t, resource, amount FROM consumptions
  UNION ALL SELECT 1, transfer, t, resource, amount FROM transfers
  UNION ALL SELECT 2, dispatch, t, resource, amount FROM dispatches
  UNION ALL SELECT 3, write_off, t, resource, amount FROM write_offs WHERE resource IS NOT NULL
  UNION ALL SELECT 4, mop, commissioned, resource, amount FROM mops WHERE resource IS NOT NULL
), running AS (
  SELECT rank, id, resource, amount, coalesce(sum(amount) OVER w, 0) AS before, count(*) FILTER (amount IS NULL) OVER w AS emptied
  FROM every WINDOW w AS (PARTITION BY resource ORDER BY t, rank, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT d.rank, d.id, d.resource, r.amount AS a,
  CAST(CASE WHEN emptied > 0 THEN r.amount ELSE least(before, r.amount) END AS BIGINT) AS qb,
  CAST(CASE WHEN emptied > 0 OR d.amount IS NULL THEN r.amount ELSE least(before + d.amount, r.amount) END AS BIGINT) AS qa
FROM running d JOIN resources r USING (resource);
CREATE TABLE output_shares AS
WITH weighed AS (
  SELECT o.resource, o.production, o.t, sum(declared) OVER p AS stated,
    CASE WHEN sum(declared) OVER p > 0 THEN coalesce(declared, 0) WHEN min(product_type) OVER p = max(product_type) OVER p THEN amount END AS weight
  FROM outputs o WINDOW p AS (PARTITION BY production)
)
SELECT resource, production, CAST(sum(weight) OVER (PARTITION BY production) AS BIGINT) AS a, CAST(sum(weight) OVER q - weight AS BIGINT) AS qb, CAST(sum(weight) OVER q AS BIGINT) AS qa
FROM weighed WINDOW q AS (PARTITION BY production ORDER BY t, resource ROWS UNBOUNDED PRECEDING);
CREATE TABLE counted AS
SELECT c.production, d.resource, r.origin, d.a, d.qb, d.qa
FROM consumptions c JOIN draws d ON d.rank = 0 AND d.id = c.consumption JOIN resources r ON r.resource = d.resource LEFT JOIN ends e ON e.production = c.production
WHERE e.t IS NULL OR c.t <= e.t;
CREATE TABLE edges AS SELECT DISTINCT origin AS f, production AS p FROM counted WHERE origin IS NOT NULL;
CREATE TABLE waiting AS SELECT p AS production, count(*) AS n FROM edges GROUP BY p;
CREATE TABLE levels AS SELECT production, 0 AS level FROM productions WHERE production NOT IN (SELECT production FROM waiting);
