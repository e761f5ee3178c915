-- MODEL.md §2: profiles of means of production, allocations and what they transfer.
CREATE MACRO age(t, c) AS CASE WHEN t <= c THEN 0 ELSE (t - c) // 60000000 END;
CREATE MACRO given(v, d, k) AS CASE WHEN d > 0 THEN v * least(k, d) // d WHEN k > 0 THEN v ELSE 0 END;
CREATE TABLE ends AS SELECT production, min(t) AS t FROM outputs GROUP BY production;
CREATE TABLE mop_ends AS
SELECT mop, write_off, t, collective, value FROM write_offs WHERE mop IS NOT NULL QUALIFY row_number() OVER (PARTITION BY mop ORDER BY t, write_off) = 1;
CREATE TABLE profile AS
SELECT m.element, d.d, CAST(sum(e.v) AS BIGINT) AS v
FROM (SELECT DISTINCT element FROM mops) m
JOIN (SELECT t, u FROM reach UNION ALL SELECT element, element FROM elements) s ON s.t = m.element
JOIN elements e ON e.element = s.u JOIN durabilities d ON d.element = s.u
GROUP BY m.element, d.d;
CREATE TABLE uses AS
SELECT a.allocation, a.production, a.mop, m.element, m.commissioned AS c, m.common AS mop_common, a.common, a.repurposed, a.s,
  least(coalesce(a.e, {k2}), {k2}, coalesce(p.t, {k2}), coalesce(o.t, {k2})) AS e
FROM allocations a JOIN mops m USING (mop) LEFT JOIN ends p ON p.production = a.production LEFT JOIN mop_ends o ON o.mop = a.mop;
CREATE TABLE value_transfers AS
WITH k AS (
  SELECT *, age(greatest(s, e), c) AS k2, age(s, c) AS k1, age(greatest(s, {k1}), c) AS j1, age(greatest(s, e, {k1}), c) AS j2 FROM uses
)
SELECT k.allocation, any_value(k.production) AS production, any_value(k.mop) AS mop, any_value(k.mop_common) AS mop_common,
  any_value(k.common) AS common, any_value(k.repurposed) AS repurposed,
  CAST(sum(given(p.v, p.d, k.k2) - given(p.v, p.d, k.k1)) AS BIGINT) AS theta,
  CAST(sum(given(p.v, p.d, k.j2) - given(p.v, p.d, k.j1)) AS BIGINT) AS theta_period
FROM k JOIN profile p USING (element) GROUP BY k.allocation;
CREATE TABLE mop_values AS
WITH a AS (SELECT m.mop, m.element, age(coalesce(o.t, {k2}), m.commissioned) AS k, o.value AS declared, o.t IS NOT NULL AS off, m.common, o.write_off, o.t, o.collective
           FROM mops m LEFT JOIN mop_ends o USING (mop))
SELECT a.mop, any_value(a.element) AS element, CAST(sum(p.v) AS BIGINT) AS value, CAST(sum(given(p.v, p.d, a.k)) AS BIGINT) AS transferred,
  CAST(least(sum(p.v), sum(CASE WHEN p.d > 0 AND p.d < a.k THEN p.v * (a.k - p.d) // p.d ELSE 0 END)) AS BIGINT) AS over,
  any_value(a.off) AS off, any_value(a.declared) AS declared, any_value(a.common) AS common, any_value(a.write_off) AS write_off, any_value(a.t) AS t, any_value(a.collective) AS collective
FROM a JOIN profile p USING (element) GROUP BY a.mop;
