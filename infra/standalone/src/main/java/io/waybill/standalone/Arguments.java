package io.waybill.standalone;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The arguments that the applications are started with: where they listen, and where they find what they need. */
final class Arguments {

    private static final String LOOPBACK = "127.0.0.1";
    private static final List<String> COMMON = List.of(
            "--server.address=" + LOOPBACK,
            "--spring.main.banner-mode=off",
            "--spring.main.log-startup-info=false",
            // The launcher stops everything in order; Spring's own hook would stop all at once.
            "--spring.main.register-shutdown-hook=false",
            "--spring.jmx.enabled=false");
    /** Waits that let the stories of silence and of stuck refunds end within a minute. */
    private static final List<String> DEMO = List.of(
            "--waybill.fulfilment.first-wait=2s",
            "--waybill.fulfilment.max-wait=10s",
            "--waybill.fulfilment.patience=3",
            "--waybill.fulfilment.compensation-retries=2");

    private Arguments() {}

    static List<String> of(Context context, int port, int managementPort, Servers servers, Options options) {
        var arguments = new ArrayList<>(COMMON);
        arguments.addAll(List.of(
                "--server.port=" + port,
                "--management.server.port=" + managementPort,
                "--spring.datasource.url=" + servers.postgres().url(context.database()),
                "--spring.datasource.username=" + servers.postgres().user(),
                "--spring.datasource.password=" + servers.postgres().password(),
                "--spring.rabbitmq.host=" + LOOPBACK,
                "--spring.rabbitmq.port=" + servers.amqp().port(),
                "--spring.rabbitmq.username=" + servers.amqp().user(),
                "--spring.rabbitmq.password=" + servers.amqp().password(),
                "--waybill.data-folder=" + folder(context, options.data()),
                "--waybill.security.jwk-set-uri=http://%s:%d/.well-known/jwks.json".formatted(LOOPBACK, options.port()),
                "--waybill.messaging.notify-other-instances=false"));
        // The sandbox partners fail on purpose, and nobody who tries that out wants to wait long.
        if (context == Context.PAYMENT) {
            arguments.add("--waybill.payment.partner.open-for=2s");
        }
        if (context == Context.SHIPPING) {
            arguments.add("--waybill.shipping.carrier.open-for=2s");
        }
        if (context == Context.INVENTORY) {
            arguments.add("--waybill.inventory.sample-catalogue=true");
        }
        servers.traces().ifPresent(traces -> arguments.addAll(traces.settings()));
        if (context == Context.ORDER && options.demo()) {
            arguments.addAll(DEMO);
        }
        return List.copyOf(arguments);
    }

    static List<String> ofGateway(int managementPort, Map<Context, Integer> ports, Servers servers, Options options) {
        var arguments = new ArrayList<>(COMMON);
        arguments.add("--server.port=" + options.port());
        arguments.add("--management.server.port=" + managementPort);
        arguments.add("--spring.data.redis.url=" + servers.redis().url());
        arguments.add("--spring.rabbitmq.host=" + LOOPBACK);
        arguments.add("--spring.rabbitmq.port=" + servers.amqp().port());
        arguments.add("--spring.rabbitmq.username=" + servers.amqp().user());
        arguments.add("--spring.rabbitmq.password=" + servers.amqp().password());
        arguments.add("--spring.datasource.url=" + servers.postgres().url("waybill_gateway"));
        arguments.add("--spring.datasource.username=" + servers.postgres().user());
        arguments.add("--spring.datasource.password=" + servers.postgres().password());
        arguments.add("--waybill.data-folder=" + options.data().resolve("gateway"));
        servers.traces().ifPresent(traces -> arguments.addAll(traces.settings()));
        ports.forEach((context, port) ->
                arguments.add("--waybill.gateway.contexts.%s=http://%s:%d".formatted(context.id(), LOOPBACK, port)));
        return List.copyOf(arguments);
    }

    private static Path folder(Context context, Path data) {
        return data.resolve(context.id());
    }
}
