package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NeighboursIT {

    record ShipParcel(String target) implements Command {}

    record ParcelShipped(String subject) implements Event {}

    private final String namespace = TestServers.freshNamespace("testing");
    private Connection context;
    private Neighbours neighbours;

    @BeforeEach
    void declare() throws Exception {
        context = TestServers.broker().connect();
        Channel channel = context.createChannel();
        channel.exchangeDeclare(namespace + ".waybill.events", BuiltinExchangeType.TOPIC, false, true, Map.of());
        channel.exchangeDeclare(namespace + ".waybill.commands", BuiltinExchangeType.DIRECT, false, true, Map.of());
        String commands = namespace + ".shipping.commands";
        channel.queueDeclare(commands, false, false, true, Map.of());
        channel.queueBind(commands, namespace + ".waybill.commands", commands);
        neighbours = new Neighbours(TestServers.broker(), namespace + ".", new ObjectMapper());
    }

    @AfterEach
    void leave() throws Exception {
        neighbours.close();
        context.close();
    }

    @Test
    void a_command_waits_in_the_queue_of_its_context() {
        assertThat(neighbours.takeCommand("shipping")).isEmpty();

        neighbours.ask("shipping", new ShipParcel("p-1"));

        Heard command = neighbours.takeCommand("shipping").orElseThrow();
        assertThat(command.type()).isEqualTo("waybill.shipping.ShipParcel.v1");
        assertThat(neighbours.read(command, ShipParcel.class)).isEqualTo(new ShipParcel("p-1"));
        assertThat(neighbours.takeCommand("shipping")).isEmpty();
    }

    @Test
    void a_context_that_serves_deals_with_what_it_is_asked() throws InterruptedException {
        BlockingQueue<Heard> served = new LinkedBlockingQueue<>();
        neighbours.serve("shipping", served::add);

        neighbours.ask("shipping", new ShipParcel("p-1"));

        assertThat(served.poll(10, TimeUnit.SECONDS)).extracting(Heard::subject).isEqualTo("p-1");
    }

    @Test
    void who_listens_hears_in_order_what_is_told() {
        EventLog heard = neighbours.listenTo("shipping.*");

        neighbours.tell("shipping", new ParcelShipped("p-1"));
        neighbours.tell("payment", new ParcelShipped("p-1"));
        neighbours.tell("shipping", new ParcelShipped("p-2"));
        String last = neighbours.tell("shipping", new ParcelShipped("p-1"));

        awaitLast(heard, last);
        assertThat(heard.all()).extracting(Heard::subject).containsExactly("p-1", "p-2", "p-1");
        assertThat(heard.namesAbout("p-1")).containsExactly("ParcelShipped", "ParcelShipped");
    }

    private static void awaitLast(EventLog log, String id) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(log.all()).extracting(Heard::id).contains(id));
    }
}
