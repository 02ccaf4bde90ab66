package io.waybill.testing;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** One instance of a context as it runs in production, with its API over HTTP. */
public final class RunningContext implements AutoCloseable {

    private final String context;
    private final ConfigurableApplicationContext application;
    private final ApiClient api;

    RunningContext(String context, ConfigurableApplicationContext application) {
        this.context = context;
        this.application = application;
        String port = requireNonNull(application.getEnvironment().getProperty("local.server.port"));
        this.api = new ApiClient(URI.create("http://127.0.0.1:" + port));
    }

    public <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    public <T> T bean(Class<T> type, String name) {
        return application.getBean(name, type);
    }

    /** Its API, asked by an operator. */
    public ApiClient api() {
        return api(TestTokens.operator());
    }

    /** Its API, asked by the caller with these values of the {@code Authorization} header; by nobody with none. */
    public ApiClient api(String... authorization) {
        return api.as(authorization);
    }

    /** The names of the context's processors. */
    public List<String> processors() {
        List<String> names = new ArrayList<>();
        api().get("/api/admin/processors")
                .body()
                .path("items")
                .forEach(item -> names.add(item.path("name").asText()));
        return names;
    }

    /**
     * Asks for a replay.
     *
     * @param from {@code start}, a position or an instant
     */
    public Answer replay(String processor, String from) {
        return api().post(
                        "/api/admin/" + context + "/processors/" + processor + "/replay",
                        "{\"from\":\"" + from + "\"}");
    }

    /** Stops the instance in good order, as an operator does. */
    @Override
    public void close() {
        application.close();
        api.close();
    }
}
