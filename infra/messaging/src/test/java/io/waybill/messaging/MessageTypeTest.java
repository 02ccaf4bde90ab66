package io.waybill.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.kernel.Revision;
import io.waybill.messaging.MessageType.Kind;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MessageTypeTest {

    @Revision(3)
    private record PaymentCompleted() {}

    @Revision(1)
    private record Paid() {}

    private record CapturePayment() {}

    private record Sku2Renamed() {}

    @Test
    void the_wire_says_context_name_and_revision() {
        MessageType type = MessageType.of("payment", Kind.OWN_EVENT, PaymentCompleted.class);

        assertThat(type.qualifiedName()).isEqualTo("waybill.payment.PaymentCompleted");
        assertThat(type.wireType()).isEqualTo("waybill.payment.PaymentCompleted.v3");
    }

    @Test
    void the_routing_key_is_the_name_in_kebab_case() {
        assertThat(MessageType.of("payment", Kind.OWN_EVENT, PaymentCompleted.class)
                        .routingKey())
                .isEqualTo("payment.payment-completed");
        assertThat(MessageType.of("payment", Kind.OWN_EVENT, Paid.class).routingKey())
                .isEqualTo("payment.paid");
        assertThat(MessageType.of("stock", Kind.OWN_COMMAND, Sku2Renamed.class).routingKey())
                .isEqualTo("stock.sku2-renamed");
    }

    @Test
    void a_command_without_a_revision_has_the_first() {
        assertThat(MessageType.of("payment", Kind.OWN_COMMAND, CapturePayment.class)
                        .revision())
                .isEqualTo(1);
    }

    @Test
    void an_event_without_a_revision_is_refused() {
        assertThatThrownBy(() -> MessageType.of("payment", Kind.FOREIGN_EVENT, CapturePayment.class))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
