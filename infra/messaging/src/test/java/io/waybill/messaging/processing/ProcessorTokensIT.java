package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.waybill.messaging.processing.ProcessorTokens.Beginner;
import io.waybill.messaging.processing.ProcessorTokens.Status;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.stream.StreamPosition;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProcessorTokensIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("processor_tokens");

    @BeforeEach
    void empty() {
        DATABASE.empty();
    }

    @Test
    void what_is_left_to_do_is_counted_up_to_a_limit() {
        ProcessorTokens tokens = new ProcessorTokens(DATABASE.jdbc(), 10);
        DATABASE.jdbc().sql("""
            insert into event_stream (transaction_id, source, local, event_id, type, revision, subject,
                                      partition_key, occurred_at, payload, metadata)
            select nr::text::xid8, '/waybill/inventory', true, 'event-' || nr, 'type', 1, 'a', 'a', now(), '{}', '{}'
              from generate_series(1, 30) nr\
            """).update();
        tokens.initialise(List.of(new Beginner("far behind", 1, true)), () -> StreamPosition.START);
        tokens.initialise(List.of(new Beginner("replaying", 1, true)), () -> new StreamPosition(25, 25));
        tokens.initialise(List.of(new Beginner("nearly there", 1, false)), () -> new StreamPosition(27, 27));

        assertThat(tokens.statuses())
                .extracting(Status::processor, Status::behind, Status::replayRemaining)
                .containsExactlyInAnyOrder(
                        tuple("far behind", 10L, 0L), tuple("replaying", 10L, 10L), tuple("nearly there", 3L, 0L));
    }
}
