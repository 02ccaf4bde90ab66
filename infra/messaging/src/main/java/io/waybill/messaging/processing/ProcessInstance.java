package io.waybill.messaging.processing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * This process among others on the same database. It gives a sign of life four times per lease, by the database's
 * clock; a segment whose owner is silent for a lease can be claimed by others. The owner that wakes up late finds its
 * epoch gone and its writes refused. One statement per sign of life serves all processors of the process, and forgets
 * processes that have long been silent.
 */
final class ProcessInstance implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessInstance.class);

    private record Seen(ProcessorTokens.@Nullable Claim claim, boolean alone) {}

    private final JdbcClient jdbc;
    private final String id;
    private final Duration lease;
    private volatile Set<ProcessorTokens.Claim> owned = Set.of();
    private volatile boolean alone;
    private @Nullable ScheduledExecutorService signs;

    ProcessInstance(JdbcClient jdbc, String id, Duration lease) {
        this.jdbc = jdbc;
        this.id = id;
        this.lease = lease;
    }

    String id() {
        return id;
    }

    Duration lease() {
        return lease;
    }

    /** What this process owned at its last sign of life. */
    Set<ProcessorTokens.Claim> owned() {
        return owned;
    }

    /** Whether no other process was alive at the last sign of life. */
    boolean isAlone() {
        return alone;
    }

    @Override
    public void start() {
        signOfLife();
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "process-instance");
            thread.setDaemon(true);
            return thread;
        });
        long period = lease.toMillis() / 4;
        var unused = executor.scheduleWithFixedDelay(this::trySignOfLife, period, period, TimeUnit.MILLISECONDS);
        signs = executor;
    }

    private void trySignOfLife() {
        try {
            signOfLife();
        } catch (DataAccessException e) {
            LOG.warn("The database does not take this process' sign of life: {}", e.getMessage());
        }
    }

    private void signOfLife() {
        List<Seen> seen = jdbc.sql("""
            with gone as (
                delete from process_instance
                 where alive_until < clock_timestamp() - interval '1 day'
                   and not exists (select from processor_token where owner = process_instance.id)),
            alive as (
                insert into process_instance (id, host, alive_until)
                values (:id, :host, clock_timestamp() + make_interval(secs => :lease))
                on conflict (id) do update set alive_until = excluded.alive_until)
            select processor, segment, epoch,
                   not exists (select from process_instance
                                where id <> :id and alive_until > clock_timestamp()) as alone
              from (values (1)) myself left join processor_token on owner = :id\
            """)
                .param("id", id)
                .param("host", host())
                .param("lease", lease.toMillis() / 1000.0)
                .query((row, nr) -> new Seen(
                        row.getString("processor") == null
                                ? null
                                : new ProcessorTokens.Claim(
                                        row.getString("processor"), row.getInt("segment"), row.getLong("epoch")),
                        row.getBoolean("alone")))
                .list();
        owned = seen.stream().map(Seen::claim).filter(Objects::nonNull).collect(Collectors.toUnmodifiableSet());
        alone = seen.stream().allMatch(Seen::alone);
    }

    @Override
    public void stop() {
        if (signs != null) {
            signs.shutdownNow();
            signs = null;
        }
        try {
            jdbc.sql("update processor_token set owner = null where owner = ?")
                    .param(id)
                    .update();
            jdbc.sql("delete from process_instance where id = ?").param(id).update();
        } catch (DataAccessException e) {
            LOG.debug("This process did not sign off; its lease ends by itself", e);
        }
    }

    @Override
    public boolean isRunning() {
        return signs != null;
    }

    /** Before the processors, and signed off after them. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1100;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
