package io.waybill.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.messaging.tracing.TraceLinks;
import io.waybill.order.api.OrderHistoryEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HistoryViewTest {

    private static final TraceLinks LINKS = new TraceLinks("https://traces.example.org/{traceId}");
    private static final String FIRST = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String LATER = "0af7651916cd43dd8448eb211c80319c";

    @Test
    void links_to_the_trace_that_it_began_with() {
        HistoryView view = HistoryView.of(List.of(told(null, false), told(FIRST, true), told(LATER, true)), LINKS);

        assertThat(view.traceId()).isEqualTo(FIRST);
        assertThat(view.traceUrl()).isEqualTo("https://traces.example.org/" + FIRST);
        assertThat(view.items()).extracting(HistoryView.Item::traceId).containsExactly(null, FIRST, LATER);
    }

    @Test
    void names_a_trace_that_was_not_recorded_but_sends_nobody_there() {
        HistoryView view = HistoryView.of(List.of(told(FIRST, false), told(LATER, true)), LINKS);

        assertThat(view.traceId()).isEqualTo(FIRST);
        assertThat(view.traceUrl()).isNull();
    }

    @Test
    void sends_nobody_anywhere_if_there_is_nowhere_to_look() {
        assertThat(HistoryView.of(List.of(told(FIRST, true)), new TraceLinks(null))
                        .traceUrl())
                .isNull();
        assertThat(HistoryView.of(List.of(told(null, false)), LINKS).traceUrl()).isNull();
    }

    private static OrderHistoryEntry told(@Nullable String traceId, boolean isTraced) {
        return new OrderHistoryEntry(
                "7:42",
                "7f1f1a0e",
                "/waybill/payment",
                "waybill.payment.PaymentRequested.v1",
                Instant.EPOCH,
                "pay_01890a5d-ac96-774b-bcce-b302099a8057",
                Map.of(),
                traceId,
                isTraced);
    }
}
