package io.waybill.messaging.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Queue;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TopologyTest {

    private final Topology topology = new Topology("", "quorum", null);

    @ParameterizedTest
    @ValueSource(strings = {"payment.payment-completed", "inventory.stock-reserved", "shipping.shipment-dispatched"})
    void what_a_context_subscribed_to_is_heard(String routingKey) {
        assertThat(topology.isHeard(routingKey)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"order.order-placed", "payments.payment-completed", "billing.payment.completed", "payment"})
    void what_nobody_subscribed_to_is_not_heard(String routingKey) {
        assertThat(topology.isHeard(routingKey)).isFalse();
    }

    /** A star of a topic exchange stands for exactly one word, so the broker routes exactly what counts as heard. */
    @Test
    void a_context_that_never_ran_has_its_queues_and_bindings_all_the_same() {
        assertThat(topology.declarables().getDeclarablesByType(Queue.class))
                .extracting(Queue::getName)
                .containsExactlyInAnyOrder(
                        "order.commands",
                        "payment.commands",
                        "inventory.commands",
                        "shipping.commands",
                        "order.inbox",
                        "inventory.inbox");
        assertThat(topology.declarables().getDeclarablesByType(Binding.class))
                .filteredOn(binding -> binding.getDestination().equals("order.inbox"))
                .extracting(Binding::getRoutingKey)
                .containsExactlyInAnyOrder("payment.*", "inventory.*", "shipping.*");
    }

    @Test
    void queues_outlive_the_broker_and_inboxes_have_one_reader_at_a_time() {
        assertThat(topology.declarables().getDeclarablesByType(Queue.class)).allSatisfy(queue -> {
            assertThat(queue.isDurable()).isTrue();
            assertThat(queue.isAutoDelete()).isFalse();
            assertThat(queue.getArguments()).containsEntry("x-queue-type", "quorum");
            assertThat(queue.getArguments().containsKey("x-expires")).isFalse();
            assertThat(queue.getArguments().containsKey("x-single-active-consumer"))
                    .isEqualTo(queue.getName().endsWith(".inbox"));
        });
    }

    /**
     * RabbitMQ 4 gives a quorum queue a limit of 20 where none is declared, and drops what was delivered more often.
     */
    @Test
    void no_outage_is_so_long_that_a_message_is_dropped_for_being_delivered_again_and_again() {
        assertThat(topology.declarables().getDeclarablesByType(Queue.class))
                .allSatisfy(queue ->
                        assertThat(queue.getArguments().get("x-delivery-limit")).isEqualTo(1_000_000_000));
    }

    @Test
    void only_quorum_queues_know_a_limit_of_deliveries() {
        assertThat(new Topology("", "classic", null).declarables().getDeclarablesByType(Queue.class))
                .allSatisfy(queue -> assertThat(queue.getArguments()).doesNotContainKey("x-delivery-limit"));
    }

    @Test
    void a_namespace_keeps_systems_on_one_broker_apart_and_its_queues_go_away() {
        Topology trial = new Topology("trial.", "classic", Duration.ofMinutes(10));

        assertThat(trial.eventExchange()).isEqualTo("trial.waybill.events");
        assertThat(trial.commandExchange()).isEqualTo("trial.waybill.commands");
        assertThat(trial.declarables().getDeclarablesByType(Queue.class)).allSatisfy(queue -> {
            assertThat(queue.getName()).startsWith("trial.");
            assertThat(queue.getArguments()).containsEntry("x-expires", 600_000);
        });
    }

    @Test
    void queues_stay_unless_a_setting_says_otherwise() {
        assertThat(topology.declarables().getDeclarablesByType(Queue.class))
                .allSatisfy(queue -> assertThat(queue.getArguments()).doesNotContainKey("x-expires"));
    }
}
