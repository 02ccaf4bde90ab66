package io.waybill.messaging.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MessagingMetersTest {

    private record Fill() {}

    private enum Code implements RejectionCode {
        FULL;

        @Override
        public Kind kind() {
            return Kind.CONFLICT;
        }
    }

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MessagingMeters meters = new MessagingMeters(registry);

    @Test
    void commands_are_counted_by_what_became_of_them() {
        meters.commandHandled(Fill.class, null, false, 1);
        meters.commandHandled(Fill.class, null, false, 1);
        meters.commandHandled(Fill.class, new Rejection(Code.FULL, "it is full"), false, 1);
        meters.commandHandled(Fill.class, new ConcurrencyException("lost"), true, 1);
        meters.commandHandled(Fill.class, new IllegalStateException("away"), false, 1);

        assertThat(List.of(handled("done"), handled("refused"), handled("conflict"), handled("failed")))
                .containsExactly(2L, 1L, 1L, 1L);
    }

    private long handled(String outcome) {
        return registry.get("waybill.commands")
                .tags("command", "Fill", "outcome", outcome)
                .timer()
                .count();
    }

    @Test
    void what_is_rolled_back_does_not_count() {
        List<String> counted = new ArrayList<>();
        var failing = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("a"));
        MessagingMeters.onceCommitted(() -> counted.add("failing"));
        failing.rollback();
        var going = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("b"));
        MessagingMeters.onceCommitted(() -> counted.add("going"));
        assertThat(counted).isEmpty();
        going.commit();
        MessagingMeters.onceCommitted(() -> counted.add("alone"));

        assertThat(counted).containsExactly("going", "alone");
    }
}
