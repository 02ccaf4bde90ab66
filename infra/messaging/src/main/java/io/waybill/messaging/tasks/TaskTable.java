package io.waybill.messaging.tasks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tasks in PostgreSQL, all times by its clock. Workers' statements each commit for themselves and do not wait for
 * the disk: what a crash of the server forgets of them is only that a task ran, and then it runs again.
 */
final class TaskTable {

    private static final String RELAXED =
            "WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)) ";

    private final JdbcClient jdbc;
    private final String lease;

    TaskTable(JdbcClient jdbc, Duration lease) {
        this.jdbc = jdbc;
        this.lease = lease.toString();
    }

    /** @param traceparent the trace context that the task is enqueued in; null where there is none */
    void enqueue(String queue, String key, @Nullable String traceparent) {
        enqueue(queue, key, traceparent, null);
    }

    /** Says whether the task is this run's from the commit on; one that is there already stays as it is, and is due. */
    boolean enqueueClaimed(Claim claim) {
        return enqueue(claim.queue(), claim.key(), claim.traceparent(), claim.id());
    }

    private boolean enqueue(String queue, String key, @Nullable String traceparent, @Nullable UUID claim) {
        return jdbc.sql("""
            INSERT INTO task (queue, key, due_at, attempt, claim, traceparent)
            SELECT :queue, :key, CASE WHEN run.claim IS NULL THEN now() ELSE clock_timestamp() + :lease::interval END,
                   CASE WHEN run.claim IS NULL THEN 0 ELSE 1 END, run.claim, :traceparent
            FROM (SELECT :claim::uuid AS claim) AS run
            ON CONFLICT (queue, key) DO UPDATE SET
                traceparent = excluded.traceparent,
                again = task.claim IS NOT NULL,
                due_at = CASE WHEN task.claim IS NULL THEN now() ELSE task.due_at END,
                attempt = CASE WHEN task.claim IS NULL THEN 0 ELSE task.attempt END
            RETURNING coalesce(claim = :claim::uuid, false)\
            """)
                .param("queue", queue)
                .param("key", key)
                .param("traceparent", traceparent)
                .param("lease", lease)
                .param("claim", claim, Types.OTHER)
                .query(Boolean.class)
                .single();
    }

    void cancel(String queue, String key) {
        jdbc.sql("DELETE FROM task WHERE queue = :queue AND key = :key")
                .param("queue", queue)
                .param("key", key)
                .update();
    }

    /** Takes at most so many due tasks of each queue; what another worker is just taking is passed over. */
    List<Claim> claim(Map<String, Integer> free) {
        return jdbc.sql(RELAXED + """
            , due AS MATERIALIZED (
                SELECT one.queue, one.key
                FROM unnest(:queues::text[], :slots::integer[]) AS free (queue, slots)
                CROSS JOIN LATERAL (
                    SELECT task.queue, task.key FROM task
                    WHERE task.queue = free.queue AND task.due_at <= now()
                    ORDER BY task.due_at LIMIT free.slots
                    FOR UPDATE SKIP LOCKED) AS one)
            UPDATE task SET
                claim = gen_random_uuid(),
                due_at = now() + :lease::interval,
                attempt = task.attempt + 1,
                again = false
            FROM due CROSS JOIN relaxed
            WHERE task.queue = due.queue AND task.key = due.key
            RETURNING task.queue, task.key, task.attempt, task.claim, task.traceparent\
            """)
                .param("queues", free.keySet().toArray(String[]::new))
                .param("slots", free.values().toArray(Integer[]::new))
                .param("lease", lease)
                .query(TaskTable::claim)
                .list();
    }

    /**
     * Deletes the tasks of these runs and returns the others: what was enqueued again meanwhile, or is just being, and
     * what is no longer this run's.
     */
    List<Claim> finish(Collection<Claim> claims) {
        Set<UUID> gone = new HashSet<>(jdbc.sql(RELAXED + """
            , done AS MATERIALIZED (
                SELECT task.queue, task.key
                FROM unnest(:queues::text[], :keys::text[], :claims::uuid[]) AS run (queue, key, claim)
                JOIN task ON task.queue = run.queue AND task.key = run.key AND task.claim = run.claim
                WHERE NOT task.again
                FOR UPDATE OF task SKIP LOCKED)
            DELETE FROM task USING relaxed, done
            WHERE task.queue = done.queue AND task.key = done.key
            RETURNING task.claim\
            """)
                .param("queues", column(claims, Claim::queue))
                .param("keys", column(claims, Claim::key))
                .param("claims", column(claims, claim -> claim.id().toString()))
                .query(UUID.class)
                .list());
        return claims.stream().filter(claim -> !gone.contains(claim.id())).toList();
    }

    /** Says whether the task is gone; else it was enqueued again meanwhile and is due, or is no longer this run's. */
    boolean finish(Claim claim) {
        int gone = ofRun(claim, RELAXED + """
            DELETE FROM task USING relaxed
            WHERE queue = :queue AND key = :key AND claim = :claim AND NOT again\
            """);
        if (gone > 0) {
            return true;
        }
        // A statement of its own: only a new snapshot sees an enqueue that the first one waited for.
        ofRun(claim, """
            UPDATE task SET claim = NULL, due_at = now(), attempt = 0, again = false
            WHERE queue = :queue AND key = :key AND claim = :claim\
            """);
        return false;
    }

    void repeat(Claim claim, Duration after) {
        jdbc.sql(RELAXED + """
            UPDATE task SET
                claim = NULL,
                due_at = CASE WHEN again THEN now() ELSE now() + :after::interval END,
                attempt = CASE WHEN again THEN 0 ELSE attempt END,
                again = false
            FROM relaxed
            WHERE queue = :queue AND key = :key AND claim = :claim\
            """)
                .param("queue", claim.queue())
                .param("key", claim.key())
                .param("claim", claim.id())
                .param("after", after.toString())
                .update();
    }

    void extend(Collection<Claim> claims) {
        jdbc.sql(RELAXED + """
            UPDATE task SET due_at = now() + :lease::interval
            FROM relaxed, unnest(:queues::text[], :keys::text[], :claims::uuid[]) AS run (queue, key, claim)
            WHERE task.queue = run.queue AND task.key = run.key AND task.claim = run.claim\
            """)
                .param("lease", lease)
                .param("queues", column(claims, Claim::queue))
                .param("keys", column(claims, Claim::key))
                .param("claims", column(claims, claim -> claim.id().toString()))
                .update();
    }

    private int ofRun(Claim claim, String sql) {
        return jdbc.sql(sql)
                .param("queue", claim.queue())
                .param("key", claim.key())
                .param("claim", claim.id())
                .update();
    }

    private static String[] column(Collection<Claim> claims, Function<Claim, String> column) {
        return claims.stream().map(column).toArray(String[]::new);
    }

    private static Claim claim(ResultSet row, int number) throws SQLException {
        return new Claim(
                row.getString("queue"),
                row.getString("key"),
                row.getInt("attempt"),
                row.getObject("claim", UUID.class),
                row.getString("traceparent"));
    }
}
