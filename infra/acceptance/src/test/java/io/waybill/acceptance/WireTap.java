package io.waybill.acceptance;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.waybill.testing.TestBroker;
import io.waybill.testing.TestServers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

/** Hears every command and every event that crosses the broker while it is open. */
final class WireTap implements AutoCloseable {

    private final Connection connection;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private WireTap(Connection connection) {
        this.connection = connection;
    }

    static WireTap on(Distributed system) throws IOException, TimeoutException {
        var tap = new WireTap(connect());
        tap.listen(prefix(system));
        return tap;
    }

    static Connection connect() throws IOException, TimeoutException {
        TestBroker broker = TestServers.broker();
        var factory = new ConnectionFactory();
        factory.setHost(broker.host());
        factory.setPort(broker.port());
        factory.setUsername(broker.user());
        factory.setPassword(broker.password());
        factory.setVirtualHost(broker.virtualHost());
        return factory.newConnection("stories");
    }

    /** Of all its names on the broker. */
    static String prefix(Distributed system) {
        return system.namespace().isEmpty() ? "" : system.namespace() + ".";
    }

    /** The routing keys, as they came. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    private void listen(String prefix) throws IOException {
        var channel = connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, prefix + "waybill.events", "#");
        for (String context : Distributed.CONTEXTS) {
            channel.queueBind(queue, prefix + "waybill.commands", prefix + context + ".commands");
        }
        channel.basicConsume(
                queue,
                true,
                (consumer, message) -> heard.add(message.getEnvelope().getRoutingKey()),
                consumer -> {});
    }
}
