package io.waybill.messaging.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * The pool of the threads that answer requests, under the names that Micrometer gives it. Micrometer itself asks the
 * JVM's management beans, which are off, and which several servers in one JVM would share.
 */
final class TomcatThreads implements ApplicationListener<ServletWebServerInitializedEvent> {

    private final MeterRegistry registry;

    TomcatThreads(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The one of the management port has a namespace, and is of no interest. */
    @Override
    public void onApplicationEvent(ServletWebServerInitializedEvent initialised) {
        if (initialised.getApplicationContext().getServerNamespace() == null
                && initialised.getWebServer() instanceof TomcatWebServer server) {
            bind(server.getTomcat().getConnector());
        }
    }

    private void bind(Connector connector) {
        if (!(connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol)) {
            return;
        }
        Gauge.builder("tomcat.connections.current", protocol, AbstractProtocol::getConnectionCount)
                .baseUnit("connections")
                .register(registry);
        Executor executor = protocol.getExecutor();
        if (executor instanceof ThreadPoolExecutor pool) {
            Gauge.builder("tomcat.threads.busy", pool, ThreadPoolExecutor::getActiveCount)
                    .baseUnit("threads")
                    .register(registry);
            Gauge.builder("tomcat.threads.current", pool, ThreadPoolExecutor::getPoolSize)
                    .baseUnit("threads")
                    .register(registry);
            Gauge.builder("tomcat.threads.config.max", pool, ThreadPoolExecutor::getMaximumPoolSize)
                    .baseUnit("threads")
                    .register(registry);
        }
    }
}
