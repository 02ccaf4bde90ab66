package io.waybill.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Where the instances of one context run: a database and a namespace on the broker that they share and nobody else
 * uses.
 */
public record Deployment(String context, TestDatabase database, TestBroker broker, String namespace) {

    /** A place where the context has never run. */
    public static Deployment fresh(String context) {
        return new Deployment(
                context, TestServers.freshDatabase(context), TestServers.broker(), TestServers.freshNamespace(context));
    }

    /**
     * Starts one more instance in this JVM, on a free port; it is ready when this returns.
     *
     * @param application starts the context with Spring Boot arguments
     * @param settings further arguments
     */
    public RunningContext start(Function<String[], ConfigurableApplicationContext> application, String... settings) {
        return new RunningContext(context, application.apply(arguments(settings).toArray(String[]::new)));
    }

    /**
     * Starts one more instance as a process of its own, which can be killed; it is on its way when this returns.
     *
     * @param main calls {@link ContextProcess#endWithParent()} and then starts the context with its arguments
     * @param settings further arguments
     */
    public ContextProcess startProcess(Class<?> main, String... settings) {
        return ContextProcess.start(context, main, arguments(settings));
    }

    /**
     * The others on the broker. They speak as soon as an instance has declared what it speaks to.
     *
     * @param json writes and reads the payloads
     */
    public Neighbours neighbours(ObjectMapper json) {
        return new Neighbours(broker, namespace + ".", json);
    }

    private List<String> arguments(String... settings) {
        List<String> arguments = new ArrayList<>(Arrays.asList(settings));
        arguments.add("--server.port=0");
        arguments.add("--management.server.port=0");
        arguments.add("--waybill.messaging.namespace=" + namespace);
        // What a run leaves behind on a broker that lives on goes away by itself.
        arguments.add("--waybill.messaging.queue-expiry=10m");
        add(arguments, database.springProperties());
        add(arguments, broker.springProperties());
        add(arguments, TestTokens.springProperties());
        return arguments;
    }

    private static void add(List<String> arguments, Map<String, String> properties) {
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    }
}
