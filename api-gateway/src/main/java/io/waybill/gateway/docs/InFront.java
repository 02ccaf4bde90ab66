package io.waybill.gateway.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the gateway says in front of every operation, as its own document lists it: what it refuses, and the headers
 * that it puts on answers. It is written down once, and added to the operations of the merged document here.
 */
final class InFront {

    /** The member of the gateway's document that lists it. */
    static final String MEMBER = "x-waybill-in-front";

    private static final String CODES = "x-waybill-codes";
    private static final String REFERENCE = "$ref";

    private final ObjectNode merged;
    private final JsonNode listed;

    private InFront(ObjectNode merged, JsonNode listed) {
        this.merged = merged;
        this.listed = listed;
    }

    /** @param ofGateway the paths that the gateway answers itself */
    static void addTo(ObjectNode merged, Set<String> ofGateway) {
        JsonNode listed = merged.remove(MEMBER);
        if (listed != null) {
            new InFront(merged, listed).add(ofGateway);
        }
    }

    private void add(Set<String> ofGateway) {
        Set<String> sayTheirHeaders = new HashSet<>(listed.findValuesAsText(REFERENCE));
        for (Map.Entry<String, JsonNode> shared :
                merged.at("/components/responses").properties()) {
            if (!sayTheirHeaders.contains("#/components/responses/" + shared.getKey())) {
                addHeaders("headers", shared.getValue());
            }
        }
        for (Map.Entry<String, JsonNode> path : merged.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
                if (member.getValue().get("responses") instanceof ObjectNode answers) {
                    boolean asksContext = !ofGateway.contains(path.getKey());
                    addHeaders(answers, asksContext && member.getKey().equals("get") && isCached(path.getKey()));
                    if (asksContext) {
                        addAnswers("responses-for-contexts", answers);
                    }
                    if (member.getValue().has("requestBody")) {
                        addAnswers("responses-to-bodies", answers);
                    }
                    addAnswers("responses", answers);
                }
            }
        }
    }

    private boolean isCached(String path) {
        for (JsonNode exception : listed.path("never-cached")) {
            if (exception.asText().equals(path)) {
                return false;
            }
        }
        return true;
    }

    private void addHeaders(ObjectNode answers, boolean cached) {
        for (Map.Entry<String, JsonNode> answer : answers.properties()) {
            if (!answer.getValue().has(REFERENCE)) {
                addHeaders("headers", answer.getValue());
                if (cached && answer.getKey().equals("200")) {
                    addHeaders("headers-of-cached-answers", answer.getValue());
                }
            }
        }
    }

    private void addHeaders(String which, JsonNode answer) {
        ((ObjectNode) answer).withObjectProperty("headers").setAll((ObjectNode) listed.path(which));
    }

    private void addAnswers(String which, ObjectNode answers) {
        for (Map.Entry<String, JsonNode> answer : listed.path(which).properties()) {
            JsonNode own = answers.get(answer.getKey());
            if (own == null) {
                answers.set(answer.getKey(), answer.getValue());
            } else if (!own.equals(answer.getValue())) {
                widen((ObjectNode) resolve(own), resolve(answer.getValue()));
            }
        }
    }

    /** One status can have several reasons, those of the context and those of the gateway before it. */
    private void widen(ObjectNode answer, JsonNode more) {
        Set<String> codes = new TreeSet<>();
        for (JsonNode node : new JsonNode[] {answer, more}) {
            node.path(CODES).forEach(code -> codes.add(code.asText()));
        }
        if (codes.size() > answer.path(CODES).size()) {
            answer.put(
                    "description",
                    answer.path("description").asText() + " Or: "
                            + more.path("description").asText());
            answer.putArray(CODES).addAll(codes.stream().map(answer::textNode).toList());
        }
    }

    private JsonNode resolve(JsonNode node) {
        return node.has(REFERENCE) ? merged.at(node.get(REFERENCE).asText().substring(1)) : node;
    }
}
