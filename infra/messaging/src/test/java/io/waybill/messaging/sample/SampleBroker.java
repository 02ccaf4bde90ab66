package io.waybill.messaging.sample;

import io.waybill.testing.TestBroker;
import io.waybill.testing.TestServers;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/** Connections to the tests' broker. */
public final class SampleBroker {

    private SampleBroker() {}

    public static CachingConnectionFactory connections() {
        TestBroker broker = TestServers.broker();
        return connections(broker.host(), broker.port());
    }

    /** Connections by way of a place between, such as a {@link TcpProxy}. */
    public static CachingConnectionFactory connections(String host, int port) {
        TestBroker broker = TestServers.broker();
        CachingConnectionFactory connections = new CachingConnectionFactory(host, port);
        connections.setUsername(broker.user());
        connections.setPassword(broker.password());
        connections.setVirtualHost(broker.virtualHost());
        connections.setConnectionTimeout(2_000);
        return connections;
    }
}
