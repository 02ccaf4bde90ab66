package io.waybill.inventory;

import io.waybill.testing.TestDatabase;
import io.waybill.testing.TestServers;
import io.waybill.testing.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The inventory context as it runs in production, on a real PostgreSQL and a real broker, on a free port. */
public final class RunningInventory implements AutoCloseable {

    private final ConfigurableApplicationContext application;

    private RunningInventory(ConfigurableApplicationContext application) {
        this.application = application;
    }

    public static RunningInventory start() {
        return startOn(TestServers.freshDatabase("inventory"));
    }

    public static RunningInventory startOn(TestDatabase database, String... settings) {
        List<String> args = new ArrayList<>(List.of(settings));
        args.add("--server.port=0");
        args.add("--waybill.messaging.namespace=" + TestServers.freshNamespace("inventory"));
        add(args, database.springProperties());
        add(args, TestServers.broker().springProperties());
        add(args, TestTokens.springProperties());
        return new RunningInventory(InventoryApplication.start(args.toArray(String[]::new)));
    }

    private static void add(List<String> args, Map<String, String> settings) {
        settings.forEach((name, value) -> args.add("--" + name + "=" + value));
    }

    public <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    public String url(String path) {
        int port = ((ServletWebServerApplicationContext) application)
                .getWebServer()
                .getPort();
        return "http://localhost:" + port + path;
    }

    @Override
    public void close() {
        application.close();
    }
}
