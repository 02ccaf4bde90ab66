package io.waybill.acceptance.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the OpenAPI document of a running system says: what can be asked, and how that may be answered. */
final class Grammar {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final String CODES = "x-waybill-codes";

    /** A path or query parameter, or a header. */
    record Parameter(String name, String in, JsonNode schema, Optional<String> example) {}

    /**
     * An operation.
     *
     * @param body a body that it takes, where it takes one
     * @param answers the schemas of its successes in JSON, by status, each with all that it refers to
     * @param problems the codes that it may answer with, by status
     * @param otherProblems the codes that it may answer with beside them
     */
    record Operation(
            String id,
            String method,
            String path,
            Pattern target,
            String access,
            Set<String> tags,
            List<Parameter> parameters,
            Optional<JsonNode> body,
            Map<Integer, JsonNode> answers,
            Map<Integer, Set<String>> problems,
            Set<String> otherProblems) {

        boolean mayAnswer(int status, String code) {
            return otherProblems.contains(code)
                    || problems.getOrDefault(status, Set.of()).contains(code);
        }

        List<Parameter> parametersIn(String place) {
            return parameters.stream()
                    .filter(parameter -> parameter.in().equals(place))
                    .toList();
        }

        boolean isOf(String tag) {
            return tags.contains(tag);
        }
    }

    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();
    private final Set<String> allCodes = new TreeSet<>();

    Grammar(JsonNode document) {
        this.document = document;
        document.findValues(CODES).forEach(codes -> codes.forEach(code -> allCodes.add(code.asText())));
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .forEach(member -> operations.add(
                                operation(member.getKey(), path.getKey(), path.getValue(), member.getValue()))));
    }

    List<Operation> operations() {
        return operations;
    }

    JsonNode document() {
        return document;
    }

    /** The operation that a request asks for, if it is one. */
    Optional<Operation> find(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.method().equals(method.equals("HEAD") ? "GET" : method))
                .filter(operation -> operation.target().matcher(path).matches())
                .findFirst();
    }

    /** Whether a code stands anywhere in the document. */
    boolean knows(String code) {
        return allCodes.contains(code);
    }

    private Operation operation(String method, String path, JsonNode item, JsonNode operation) {
        Map<Integer, JsonNode> answers = new HashMap<>();
        Map<Integer, Set<String>> problems = new HashMap<>();
        Set<String> others = new HashSet<>();
        operation.path("responses").properties().forEach(response -> {
            Set<String> codes = codes(resolved(response.getValue()));
            if (response.getKey().equals("default")) {
                others.addAll(codes);
                return;
            }
            int status = Integer.parseInt(response.getKey());
            problems.put(status, codes);
            JsonNode schema = response.getValue().at("/content/application~1json/schema");
            if (schema.isObject()) {
                answers.put(status, whole(schema));
            }
        });
        return new Operation(
                operation.path("operationId").asText(),
                method.toUpperCase(Locale.ROOT),
                path,
                Pattern.compile(Stream.of(path.split("/", -1))
                        .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
                        .reduce((left, right) -> left + "/" + right)
                        .orElseThrow()),
                operation.path("x-waybill-access").asText(),
                codes(operation.path("tags")),
                Stream.of(item, operation)
                        .flatMap(
                                it -> StreamSupport.stream(it.path("parameters").spliterator(), false))
                        .map(this::resolved)
                        .map(this::parameter)
                        .toList(),
                body(operation.at("/requestBody/content/application~1json")),
                answers,
                problems,
                others);
    }

    private JsonNode whole(JsonNode schema) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.set("components", document.path("components"));
        whole.putArray("allOf").add(schema);
        return whole;
    }

    private Parameter parameter(JsonNode parameter) {
        return new Parameter(
                parameter.path("name").asText(),
                parameter.path("in").asText(),
                resolved(parameter.path("schema")),
                Optional.of(parameter.path("example"))
                        .filter(JsonNode::isValueNode)
                        .map(JsonNode::asText));
    }

    private static Set<String> codes(JsonNode node) {
        Set<String> found = new TreeSet<>();
        (node.isArray() ? node : node.path(CODES)).forEach(code -> found.add(code.asText()));
        return found;
    }

    /** The example, else what the schema asks for. */
    private Optional<JsonNode> body(JsonNode content) {
        if (content.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(content.has("example") ? content.path("example") : sample(resolved(content.path("schema"))));
    }

    private JsonNode sample(JsonNode schema) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (schema.has("example") || schema.has("const")) {
            return schema.has("example") ? schema.path("example") : schema.path("const");
        }
        if (schema.has("enum")) {
            return schema.at("/enum/0");
        }
        return switch (schema.path("type").asText()) {
            case "object" -> {
                ObjectNode object = json.objectNode();
                schema.path("properties")
                        .properties()
                        .forEach(member -> object.set(member.getKey(), sample(resolved(member.getValue()))));
                yield object;
            }
            case "array" -> json.arrayNode().add(sample(resolved(schema.path("items"))));
            case "integer" -> json.numberNode(schema.path("minimum").asInt(1));
            case "boolean" -> json.booleanNode(true);
            default ->
                json.textNode("x".repeat(Math.max(1, schema.path("minLength").asInt(1))));
        };
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? resolved(document.at(node.path("$ref").asText().substring(1)))
                : node;
    }
}
