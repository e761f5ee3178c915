-- MODEL.md §1: what an element reaches, by recursion; a part reached by two ways comes once (UNION).
CREATE TABLE reach AS
WITH RECURSIVE r(t, u) AS (
  SELECT element, part FROM parts
  UNION
  SELECT r.t, p.part FROM r JOIN parts p ON p.element = r.u
) SELECT t, u FROM r;
CREATE TABLE durabilities AS
WITH leaves AS (SELECT element, durability FROM elements WHERE element NOT IN (SELECT element FROM parts))
SELECT element, durability AS d FROM leaves
UNION ALL
SELECT r.t, CASE WHEN count(*) = count(l.durability) THEN min(l.durability) END FROM reach r JOIN leaves l ON l.element = r.u GROUP BY r.t;
CREATE TABLE element_values AS
SELECT e.element, e.v, d.d, e.v + coalesce(s.v, 0) AS aggregate, coalesce(s.n, 0) AS subelements
FROM elements e JOIN durabilities d USING (element)
LEFT JOIN (SELECT r.t, sum(u.v) AS v, count(*) AS n FROM reach r JOIN elements u ON u.element = r.u GROUP BY r.t) s ON s.t = e.element;
