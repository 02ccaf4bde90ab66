package io.waybill.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * An OpenAPI 3.1 document of a part of the API, read from the class path: the one source of what there is, and of who
 * may use it.
 */
public final class ApiDocument {

    /** One method of one path. Internal ones answer at the context itself; the gateway does not route them. */
    public record ApiOperation(String method, String path, String id, Access access, boolean internal) {}

    /** What a path item may hold beside its methods. Whatever else stands there needs a rule. */
    private static final Set<String> NO_METHODS = Set.of("$ref", "summary", "description", "servers", "parameters");

    private static final ObjectMapper YAML = new YAMLMapper();

    private final String name;
    private final ObjectNode content;

    private ApiDocument(String name, ObjectNode content) {
        this.name = name;
        this.content = content;
    }

    /** Reads {@code openapi/<name>.yaml}, together with the components that all documents share. */
    public static ApiDocument named(String name) {
        ObjectNode content = read(name);
        ObjectNode components = content.withObjectProperty("components");
        for (Map.Entry<String, JsonNode> kind : read("common").get("components").properties()) {
            ObjectNode own = components.withObjectProperty(kind.getKey());
            kind.getValue().properties().forEach(shared -> own.set(shared.getKey(), shared.getValue()));
        }
        return new ApiDocument(name, content);
    }

    /** Whether there is a document of that name. */
    public static boolean exists(String name) {
        return ApiDocument.class.getResource(place(name)) != null;
    }

    public String name() {
        return name;
    }

    /** The whole document; a copy. */
    public ObjectNode content() {
        return content.deepCopy();
    }

    /**
     * What the document lists.
     *
     * @throws IllegalStateException if one of them does not say who may use it
     */
    public List<ApiOperation> operations() {
        List<ApiOperation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : content.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
                if (!NO_METHODS.contains(member.getKey()) && !member.getKey().startsWith("x-")) {
                    operations.add(operation(path.getKey(), member.getKey(), member.getValue()));
                }
            }
        }
        return List.copyOf(operations);
    }

    /** The codes of all problems that the document tells of. */
    public Set<String> problemCodes() {
        Set<String> codes = new TreeSet<>();
        content.findValues("x-waybill-codes").forEach(list -> list.forEach(code -> codes.add(code.asText())));
        return codes;
    }

    private ApiOperation operation(String path, String method, JsonNode operation) {
        String rule = operation.path("x-waybill-access").asText();
        Access access = Access.named(rule)
                .orElseThrow(() -> new IllegalStateException(
                        "openapi/%s.yaml does not say who may %s %s".formatted(name, method, path)));
        return new ApiOperation(
                method.toUpperCase(Locale.ROOT),
                path,
                operation.path("operationId").asText(),
                access,
                operation.path("x-waybill-internal").asBoolean());
    }

    private static ObjectNode read(String name) {
        try (InputStream in = Objects.requireNonNull(
                ApiDocument.class.getResourceAsStream(place(name)), () -> place(name) + " is not on the class path")) {
            return (ObjectNode) YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(place(name) + " cannot be read", e);
        }
    }

    private static String place(String name) {
        return "/openapi/" + name + ".yaml";
    }
}
