-- What each level of productions needs, in the order of the levels.
CREATE TABLE counted_by_level AS SELECT l.level, c.production, c.resource, c.a, c.qb, c.qa FROM counted c JOIN levels l USING (production) ORDER BY l.level;
CREATE TABLE outputs_by_level AS SELECT l.level, o.* FROM output_shares o JOIN levels l USING (production) ORDER BY l.level;
CREATE TABLE moved_by_level AS
SELECT l.level, n.hop, d.resource, x.new_resource, d.a, d.qb, d.qa
FROM draws d JOIN transfers x ON d.rank = 1 AND x.transfer = d.id JOIN resources n ON n.resource = x.new_resource JOIN levels l ON l.production = n.origin ORDER BY l.level;
CREATE TABLE labour AS
SELECT w.production, CAST(sum(w.minutes) AS BIGINT) AS v FROM workloads w LEFT JOIN ends e USING (production) WHERE e.t IS NULL OR w.t <= e.t GROUP BY w.production;
CREATE TABLE wear AS SELECT production, CAST(sum(theta) AS BIGINT) AS v FROM value_transfers GROUP BY production;
CREATE TABLE own AS
SELECT l.level, production, coalesce(w.v, 0) AS workloads, coalesce(m.v, 0) AS transferred FROM levels l LEFT JOIN labour w USING (production) LEFT JOIN wear m USING (production) ORDER BY l.level;
CREATE TABLE worth AS SELECT resource, CAST(0 AS BIGINT) AS v FROM resources WHERE origin IS NULL;
CREATE TABLE production_sums (production BIGINT, workloads BIGINT, consumed BIGINT, transferred BIGINT);
