-- MODEL.md §7: coupons of the period, and those of recorded revisions, by cascades over the workloads; balances of wallets.
CREATE TABLE coupons AS
WITH q AS (
  SELECT w.workload, w.wallet, s.label AS subsystem, w.minutes, r.a, r.a - r.numerator AS v,
    sum(w.minutes) OVER (PARTITION BY s.label ORDER BY w.t, w.workload ROWS UNBOUNDED PRECEDING) AS qa
  FROM workloads w JOIN subsystems s USING (collective) JOIN revision r ON r.subsystem = s.label WHERE w.t > {k1} AND w.t <= {k2} AND r.a > 0
) SELECT workload, wallet, subsystem, minutes, CAST(v * qa // a - v * (qa - minutes) // a AS BIGINT) AS coupon FROM q;
CREATE TABLE recorded AS
WITH segment AS (
  SELECT v.revision, w.workload, w.t, w.minutes, v.n, v.m
  FROM revisions v JOIN components_at named ON named.until = v.until AND named.collective = v.subsystem
  JOIN components_at c ON c.until = v.until AND c.label = named.label
  JOIN workloads w ON w.collective = c.collective AND w.t > v.after AND w.t <= v.until
), q AS (
  SELECT revision, workload, minutes, CAST(n AS HUGEINT) AS n, CAST(m AS HUGEINT) AS m, sum(minutes) OVER (PARTITION BY revision) AS a,
    sum(minutes) OVER (PARTITION BY revision ORDER BY t, workload ROWS UNBOUNDED PRECEDING) AS qa
  FROM segment
), worth AS (SELECT *, a * (m - n) // m AS v FROM q)
SELECT revision, workload, CAST(v * qa // a - v * (qa - minutes) // a AS BIGINT) AS coupon FROM worth WHERE a > 0;
CREATE TABLE claimed AS
SELECT c.wallet, s.label AS subsystem, sum(r.coupon) AS v
FROM claims c JOIN recorded r USING (revision, workload) JOIN workloads w USING (workload) JOIN subsystems s ON s.collective = w.collective GROUP BY ALL;
CREATE TABLE spent AS SELECT a.wallet, s.label AS subsystem, sum(a.value) AS v FROM appropriations a JOIN subsystems s USING (collective) GROUP BY ALL;
CREATE TABLE wallets AS
SELECT n.wallet, n.subsystem, coalesce(k.v, 0) AS coupons, coalesce(c.v, 0) AS claimed, coalesce(p.v, 0) AS appropriated, coalesce(c.v, 0) - coalesce(p.v, 0) AS balance
FROM (SELECT DISTINCT w.wallet, s.label AS subsystem FROM workloads w JOIN subsystems s USING (collective) UNION SELECT wallet, subsystem FROM spent) n
LEFT JOIN (SELECT wallet, subsystem, sum(coupon) AS v FROM coupons GROUP BY ALL) k USING (wallet, subsystem)
LEFT JOIN claimed c USING (wallet, subsystem) LEFT JOIN spent p USING (wallet, subsystem);
