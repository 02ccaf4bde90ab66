package io.waybill.messaging.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waybill.messaging.sample.SampleBroker;
import io.waybill.testing.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Exchange;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** The whole topology under a name of its own on the tests' broker, and the test's own view of it. */
final class TransportRig implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 10_000;
    private static final long NO_PATIENCE_MILLIS = 100;

    private final CachingConnectionFactory connections = SampleBroker.connections();
    private final RabbitAdmin admin = new RabbitAdmin(connections);
    private final RabbitTemplate template = new RabbitTemplate(connections);
    private final Topology topology;

    TransportRig(String name) {
        topology = new Topology(TestServers.freshNamespace(name) + ".", "quorum", Duration.ofMinutes(10));
        declare();
    }

    void declare() {
        topology.declarables().getDeclarablesByType(Exchange.class).forEach(admin::declareExchange);
        topology.declarables().getDeclarablesByType(Queue.class).forEach(admin::declareQueue);
        topology.declarables().getDeclarablesByType(Binding.class).forEach(admin::declareBinding);
    }

    void empty() {
        topology.declarables()
                .getDeclarablesByType(Queue.class)
                .forEach(queue -> admin.purgeQueue(queue.getName(), false));
    }

    void deleteQueue(String queue) {
        admin.deleteQueue(queue);
    }

    Topology topology() {
        return topology;
    }

    ConnectionFactory connections() {
        return connections;
    }

    static ConfirmedPublisher publisher(ConnectionFactory connections) {
        return new ConfirmedPublisher(new RabbitTemplate(connections), Duration.ofSeconds(5));
    }

    void send(String queue, Message message) {
        template.send("", queue, message);
    }

    void publish(String routingKey, Message message) {
        template.send(topology.eventExchange(), routingKey, message);
    }

    Message receive(String queue) {
        return Objects.requireNonNull(template.receive(queue, PATIENCE_MILLIS), "nothing came to " + queue);
    }

    /** What else is there: a broker's count of messages may lag behind what was already received. */
    List<String> rest(String queue) {
        List<String> bodies = new ArrayList<>();
        Message message = template.receive(queue, NO_PATIENCE_MILLIS);
        while (message != null) {
            bodies.add(new String(message.getBody(), UTF_8));
            message = template.receive(queue, NO_PATIENCE_MILLIS);
        }
        return bodies;
    }

    boolean isEmpty(String queue) {
        return waiting(queue) == 0;
    }

    long waiting(String queue) {
        return Objects.requireNonNull(admin.getQueueInfo(queue)).getMessageCount();
    }

    @Override
    public void close() {
        topology.declarables().getDeclarablesByType(Queue.class).forEach(queue -> admin.deleteQueue(queue.getName()));
        topology.declarables()
                .getDeclarablesByType(Exchange.class)
                .forEach(exchange -> admin.deleteExchange(exchange.getName()));
        connections.destroy();
    }
}
