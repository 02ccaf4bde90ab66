package io.waybill.messaging.processing;

import io.waybill.messaging.stream.StreamPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
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

    /** A claim that was just made, and where to go on. */
    record Claimed(Claim claim, Progress progress) {}

    /** A row for people to look at. */
    record Status(String processor, int segment, Progress progress, boolean owned, long behind, long replayRemaining) {}

    private final JdbcClient jdbc;

    ProcessorTokens(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Lays the rows of a processor's segments at the start of the stream, unless it has any; their number then stays.
     */
    void initialise(String processor, int segments) {
        jdbc.sql("""
            insert into processor_token (processor, segment, segments, transaction_id, position)
            select :processor, nr, :segments, '0'::xid8, 0 from generate_series(0, :segments - 1) nr
             where not exists (select 1 from processor_token where processor = :processor)
            on conflict do nothing\
            """).param("processor", processor).param("segments", segments).update();
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
                .param("replayPosition", until == null ? null : until.offset(), java.sql.Types.BIGINT)
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
     */
    void rewind(String processor, StreamPosition from) {
        jdbc.sql("""
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
    }

    List<Status> statuses() {
        return jdbc.sql("""
            select processor, segment, transaction_id::text::bigint as transaction_id, position,
                   replay_transaction_id::text::bigint as replay_transaction_id, replay_position,
                   exists (select 1 from process_instance
                            where id = token.owner and alive_until > clock_timestamp()) as owned,
                   (select count(*) from event_stream e
                     where (e.transaction_id, e.position) > (token.transaction_id, token.position)) as behind,
                   (select count(*) from event_stream e
                     where token.replay_transaction_id is not null
                       and (e.transaction_id, e.position) > (token.transaction_id, token.position)
                       and (e.transaction_id, e.position)
                           <= (token.replay_transaction_id, token.replay_position)) as replay_remaining
              from processor_token token
             order by processor, segment\
            """)
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
