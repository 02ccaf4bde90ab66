package io.waybill.messaging.processing;

import io.waybill.messaging.stream.StreamPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where the processors stand, and who owns their segments. A claim has an epoch that rises with every change of hands;
 * a position is only stored by the owner of the current epoch, so a process that was thought dead cannot write any
 * more.
 */
final class ProcessorTokens {

    /** The right to process a segment, until the epoch changes. */
    record Claim(String processor, int segment, long epoch) {}

    /**
     * How far a segment has come.
     *
     * @param replayUntil while a replay runs, the place where it ends
     */
    record Progress(StreamPosition position, @Nullable StreamPosition replayUntil) {

        boolean isReplay(StreamPosition place) {
            return replayUntil != null && place.compareTo(replayUntil) <= 0;
        }

        Progress advancedTo(StreamPosition place) {
            return new Progress(place, isReplay(place) && !place.equals(replayUntil) ? replayUntil : null);
        }
    }

    /**
     * A processor that may have no rows yet.
     *
     * @param replayable whether any of its handlers takes part in replays
     */
    record Beginner(String processor, int segments, boolean replayable) {}

    /** A claim that was just made, and where to go on. */
    record Claimed(Claim claim, Progress progress) {}

    /** A row for people to look at; what is left to do is counted up to {@link #MOST_COUNTED}. */
    record Status(String processor, int segment, Progress progress, boolean owned, long behind, long replayRemaining) {}

    /** Counting is for people, and must not read a long stream once for each processor that has far to go. */
    static final int MOST_COUNTED = 100_000;

    private final JdbcClient jdbc;
    private final int mostCounted;

    ProcessorTokens(JdbcClient jdbc) {
        this(jdbc, MOST_COUNTED);
    }

    ProcessorTokens(JdbcClient jdbc, int mostCounted) {
        this.jdbc = jdbc;
        this.mostCounted = mostCounted;
    }

    /**
     * Lays the rows of the processors that have none, in the caller's transaction; their number of segments then stays.
     * At the very first start of a context all of them begin at the start of the stream, so that nothing is lost that
     * came early. What is added later does not act on what happened before: what can be replayed is handed all up to
     * the head as a replay, and what cannot begins at the head.
     */
    void initialise(List<Beginner> processors, Supplier<StreamPosition> head) {
        if (without(laid(), processors).isEmpty()) {
            return;
        }
        // Of processes that start together, one sees the empty table.
        jdbc.sql("select pg_advisory_xact_lock(hashtext('processor_token'))").query(row -> {});
        Set<String> laid = laid();
        StreamPosition past = laid.isEmpty() ? StreamPosition.START : head.get();
        for (Beginner beginner : without(laid, processors)) {
            lay(beginner, past);
        }
    }

    private Set<String> laid() {
        return new HashSet<>(jdbc.sql("select distinct processor from processor_token")
                .query(String.class)
                .list());
    }

    private static List<Beginner> without(Set<String> laid, List<Beginner> processors) {
        return processors.stream()
                .filter(beginner -> !laid.contains(beginner.processor()))
                .toList();
    }

    private void lay(Beginner beginner, StreamPosition past) {
        StreamPosition position = beginner.replayable() ? StreamPosition.START : past;
        StreamPosition until = position.equals(past) ? null : past;
        jdbc.sql("""
            insert into processor_token
                (processor, segment, segments, transaction_id, position, replay_transaction_id, replay_position)
            select :processor, nr, :segments, :transactionId::text::xid8, :position,
                   :replayTransactionId::text::xid8, :replayPosition
              from generate_series(0, :segments - 1) nr
            on conflict do nothing\
            """)
                .param("processor", beginner.processor())
                .param("segments", beginner.segments())
                .param("transactionId", Long.toString(position.transactionId()))
                .param("position", position.offset())
                .param("replayTransactionId", until == null ? null : Long.toString(until.transactionId()))
                .param("replayPosition", until == null ? null : until.offset(), Types.BIGINT)
                .update();
    }

    boolean isReplaying(String processor) {
        return jdbc.sql("""
            select exists (select from processor_token
                            where processor = ? and replay_transaction_id is not null)\
            """).param(processor).query(Boolean.class).single();
    }

    int segments(String processor) {
        return jdbc.sql("select max(segments) from processor_token where processor = ?")
                .param(processor)
                .query(Integer.class)
                .single();
    }

    /** Takes a segment that nobody alive owns. */
    Optional<Claimed> claim(String processor, int segment, String instance) {
        return jdbc.sql("""
            update processor_token token
               set owner = :instance, epoch = epoch + 1
             where processor = :processor and segment = :segment
               and (owner is null or owner = :instance or not exists (
                       select 1 from process_instance
                        where id = token.owner and alive_until > clock_timestamp()))
            returning epoch, transaction_id::text::bigint as transaction_id, position,
                      replay_transaction_id::text::bigint as replay_transaction_id, replay_position\
            """)
                .param("processor", processor)
                .param("segment", segment)
                .param("instance", instance)
                .query((row, nr) -> new Claimed(new Claim(processor, segment, row.getLong("epoch")), progress(row)))
                .optional();
    }

    /**
     * Stores how far the owner has come, in the transaction of what was done on the way.
     *
     * @throws ClaimLostException if the segment changed hands; the caller's transaction must not commit
     */
    void store(Claim claim, Progress progress) {
        StreamPosition until = progress.replayUntil();
        int updated = jdbc.sql("""
            update processor_token
               set transaction_id = :transactionId::text::xid8, position = :position,
                   replay_transaction_id = :replayTransactionId::text::xid8,
                   replay_position = :replayPosition, updated_at = clock_timestamp()
             where processor = :processor and segment = :segment and epoch = :epoch\
            """)
                .param("transactionId", Long.toString(progress.position().transactionId()))
                .param("position", progress.position().offset())
                .param("replayTransactionId", until == null ? null : Long.toString(until.transactionId()))
                .param("replayPosition", until == null ? null : until.offset(), Types.BIGINT)
                .param("processor", claim.processor())
                .param("segment", claim.segment())
                .param("epoch", claim.epoch())
                .update();
        if (updated == 0) {
            throw new ClaimLostException(claim.processor(), claim.segment());
        }
    }

    void release(Claim claim) {
        jdbc.sql("""
            update processor_token set owner = null
             where processor = ? and segment = ? and epoch = ?\
            """).params(claim.processor(), claim.segment(), claim.epoch()).update();
    }

    /** Takes all segments away from their owners, whoever they are; their unfinished batches will not commit. */
    void revoke(String processor) {
        jdbc.sql("update processor_token set owner = null, epoch = epoch + 1 where processor = ?")
                .param(processor)
                .update();
    }

    /**
     * Sets all segments back that are beyond {@code from}; what lies between there and the farthest place reached
     * counts as replay. A segment that has not come so far goes on as it is, so that it skips nothing.
     *
     * @return whether any segment handles events behind that place again: because it was set back, or because it is on
     *     its way there in an earlier replay
     */
    boolean rewind(String processor, StreamPosition from) {
        int rewound = jdbc.sql("""
            with reached as (
                select transaction_id, position from processor_token where processor = :processor
                union all
                select replay_transaction_id, replay_position from processor_token
                 where processor = :processor and replay_transaction_id is not null
                order by 1 desc, 2 desc limit 1)
            update processor_token token
               set replay_transaction_id = reached.transaction_id, replay_position = reached.position,
                   transaction_id = :transactionId::text::xid8, position = :position,
                   owner = null, epoch = epoch + 1
              from reached
             where processor = :processor
               and (token.transaction_id, token.position) > (:transactionId::text::xid8, :position)\
            """)
                .param("processor", processor)
                .param("transactionId", Long.toString(from.transactionId()))
                .param("position", from.offset())
                .update();
        return rewound > 0 || isReplayingBeyond(processor, from);
    }

    private boolean isReplayingBeyond(String processor, StreamPosition place) {
        return jdbc.sql("""
            select exists (select from processor_token
                            where processor = ?
                              and (replay_transaction_id, replay_position) > (?::text::xid8, ?))\
            """)
                .params(processor, Long.toString(place.transactionId()), place.offset())
                .query(Boolean.class)
                .single();
    }

    List<Status> statuses() {
        return jdbc.sql("""
            select processor, segment, transaction_id::text::bigint as transaction_id, position,
                   replay_transaction_id::text::bigint as replay_transaction_id, replay_position,
                   exists (select 1 from process_instance
                            where id = token.owner and alive_until > clock_timestamp()) as owned,
                   (select count(*) from (
                       select from event_stream e
                        where (e.transaction_id, e.position) > (token.transaction_id, token.position)
                        limit :most) counted) as behind,
                   (select count(*) from (
                       select from event_stream e
                        where token.replay_transaction_id is not null
                          and (e.transaction_id, e.position) > (token.transaction_id, token.position)
                          and (e.transaction_id, e.position)
                              <= (token.replay_transaction_id, token.replay_position)
                        limit :most) counted) as replay_remaining
              from processor_token token
             order by processor, segment\
            """)
                .param("most", mostCounted)
                .query((row, nr) -> new Status(
                        row.getString("processor"),
                        row.getInt("segment"),
                        progress(row),
                        row.getBoolean("owned"),
                        row.getLong("behind"),
                        row.getLong("replay_remaining")))
                .list();
    }

    private static Progress progress(ResultSet row) throws SQLException {
        StreamPosition position = new StreamPosition(row.getLong("transaction_id"), row.getLong("position"));
        long replayTransaction = row.getLong("replay_transaction_id");
        StreamPosition until =
                row.wasNull() ? null : new StreamPosition(replayTransaction, row.getLong("replay_position"));
        return new Progress(position, until);
    }
}
