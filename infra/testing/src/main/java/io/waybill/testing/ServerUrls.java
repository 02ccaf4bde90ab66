package io.waybill.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the connection settings that the environment names. No message repeats a URL, because it holds a password. */
final class ServerUrls {

    private static final String JDBC = "jdbc:";

    private ServerUrls() {}

    static PostgresAccess postgres(String jdbcUrl) {
        if (!jdbcUrl.startsWith("jdbc:postgresql://")) {
            throw malformed("jdbc:postgresql://host:port/database?user=…&password=…");
        }
        URI uri = parse(jdbcUrl.substring(JDBC.length()));
        Map<String, String> parameters = parameters(uri);
        String others = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getKey().matches("user|password"))
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .sorted()
                .collect(Collectors.joining("&"));
        return new PostgresAccess(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                path(uri, "postgres"),
                decode(parameters.getOrDefault("user", "postgres")),
                decode(parameters.getOrDefault("password", "")),
                others);
    }

    static TestBroker broker(String url) {
        URI uri = parse(url);
        if (!"amqp".equals(uri.getScheme()) || uri.getHost() == null) {
            throw malformed("amqp://user:password@host:port/virtual-host");
        }
        return new TestBroker(
                uri.getHost(),
                uri.getPort() < 0 ? 5672 : uri.getPort(),
                credential(uri, 0, "guest"),
                credential(uri, 1, "guest"),
                path(uri, "/"));
    }

    static TestRedis redis(String url) {
        URI uri = parse(url);
        if (!"redis".equals(uri.getScheme()) || uri.getHost() == null) {
            throw malformed("redis://user:password@host:port/database");
        }
        return new TestRedis(
                uri.getHost(),
                uri.getPort() < 0 ? 6379 : uri.getPort(),
                credential(uri, 0, ""),
                credential(uri, 1, ""),
                Integer.parseInt(path(uri, "0")));
    }

    private static URI parse(String url) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            // The cause's message would repeat the URL.
            throw malformed("scheme://user:password@host:port/path");
        }
    }

    private static Map<String, String> parameters(URI uri) {
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        return Arrays.stream(query.split("&", -1))
                .filter(parameter -> parameter.contains("="))
                .collect(Collectors.toMap(
                        parameter -> parameter.substring(0, parameter.indexOf('=')),
                        parameter -> parameter.substring(parameter.indexOf('=') + 1)));
    }

    private static String credential(URI uri, int index, String otherwise) {
        String[] credentials = uri.getRawUserInfo() == null
                ? new String[0]
                : uri.getRawUserInfo().split(":", 2);
        return credentials.length > index ? decode(credentials[index]) : otherwise;
    }

    private static String path(URI uri, String otherwise) {
        String path = uri.getRawPath();
        return path == null || path.length() < 2 ? otherwise : decode(path.substring(1));
    }

    private static String decode(String value) {
        return URLDecoder.decode(value.replace("+", "%2B"), UTF_8);
    }

    private static IllegalArgumentException malformed(String form) {
        return new IllegalArgumentException("connection settings for tests have the form " + form);
    }
}
