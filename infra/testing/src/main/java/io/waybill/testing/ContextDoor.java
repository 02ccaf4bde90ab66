package io.waybill.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import io.waybill.security.Access;
import io.waybill.security.ApiDocument;
import io.waybill.security.ApiDocument.ApiOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Tries the door of a running context, with no gateway before it: every route that the context's documents list, by
 * every kind of caller, and with tokens that are not to be believed.
 *
 * @param owner the {@code Authorization} of the customer whose thing is asked for
 * @param existing the variables of paths, of that thing
 * @param unknown the same, of a thing that nobody has ever heard of
 */
public record ContextDoor(
        String context,
        RunningContext running,
        String owner,
        Map<String, String> existing,
        Map<String, String> unknown) {

    private static final Set<Integer> CLOSED = Set.of(401, 403);
    /** By name; to read one takes longer than to be refused. */
    private static final Map<String, ObjectNode> DOCUMENTS = new ConcurrentHashMap<>();

    public ContextDoor {
        existing = Map.copyOf(existing);
        unknown = Map.copyOf(unknown);
    }

    /** Whatever was let in, turned away or told otherwise than the documents say; nothing, as a rule. */
    public List<String> mistakes() {
        List<String> mistakes = new ArrayList<>();
        for (ApiOperation route : routes()) {
            boolean anyone = route.access() == Access.ANYONE;
            boolean customers = route.access() != Access.OPERATOR;
            boolean operators = route.access() != Access.CUSTOMER;
            expect(route, "nobody", anyone ? 0 : 401, mistakes);
            if (isAboutTheOwnersThing(route)) {
                expectNothingToBeThere(route, mistakes);
            } else {
                expect(route, "a stranger", customers ? 0 : 403, mistakes, stranger());
            }
            expect(route, "the owner", customers ? 0 : 403, mistakes, owner);
            expect(route, "an operator", operators ? 0 : 403, mistakes, TestTokens.operator());
        }
        return mistakes;
    }

    /** How many routes that need a token refuse how many bad ones, and in how many ways they say so. */
    public record Refusals(int routes, int mutations, List<String> believed, Set<String> shapes) {}

    public Refusals refusals() throws JOSEException {
        JWTClaimsSet claims =
                TestTokens.claims("cus_operator", "operator", "customer").build();
        String good = TestTokens.bearer(claims).substring("Bearer ".length());
        Map<String, List<String>> mutations = TokenMutations.of(good, TestTokens.key(), claims);
        List<String> believed = new ArrayList<>();
        Set<String> shapes = new TreeSet<>();
        List<ApiOperation> guarded = routes().stream()
                .filter(route -> route.access() != Access.ANYONE)
                .toList();
        for (ApiOperation route : guarded) {
            mutations.forEach((name, authorization) -> {
                Answer answer = ask(route, unknown, false, authorization.toArray(String[]::new));
                shapes.add(shape(answer));
                if (answer.status() != 401) {
                    believed.add(name + " at " + route + ": " + answer.status());
                }
            });
        }
        return new Refusals(guarded.size(), mutations.size(), believed, shapes);
    }

    /** All routes that the context answers, those that only it answers included. */
    public List<ApiOperation> routes() {
        return Stream.of(context, "administration")
                .flatMap(name -> ApiDocument.named(name).operations().stream())
                .toList();
    }

    /** @param status the only one that is right; 0 for any that is no closed door */
    private void expect(ApiOperation route, String caller, int status, List<String> mistakes, String... authorization) {
        Answer answer = ask(route, existing, status == 0, authorization);
        boolean theirs = isAboutTheOwnersThing(route);
        boolean right = status == 0
                ? !CLOSED.contains(answer.status()) && answer.status() < 500 && !(theirs && answer.status() == 404)
                : answer.status() == status;
        if (!right) {
            mistakes.add("%s %s was answered %d %s"
                    .formatted(caller, route.method() + " " + route.path(), answer.status(), answer.body()));
        }
    }

    /** What belongs to somebody else is answered like what there is not. */
    private void expectNothingToBeThere(ApiOperation route, List<String> mistakes) {
        String others = told(ask(route, existing, false, stranger()), existing);
        String nothing = told(ask(route, unknown, false, stranger()), unknown);
        if (!others.startsWith("404 ") || !others.equals(nothing)) {
            mistakes.add("a stranger is told %s of somebody's thing and %s of nothing at %s"
                    .formatted(others, nothing, route));
        }
    }

    private static String told(Answer answer, Map<String, String> thing) {
        String told = answer.status() + " " + headerNames(answer) + " " + without(answer, "traceId");
        for (String value : thing.values()) {
            told = told.replace(value, "…");
        }
        return told;
    }

    private boolean isAboutTheOwnersThing(ApiOperation route) {
        return route.access() == Access.OWNER && route.path().contains("{");
    }

    private static String stranger() {
        return TestTokens.customer("cus_stranger");
    }

    /** @param letIn whether the answer may be a stream, which would have no end */
    private Answer ask(ApiOperation route, Map<String, String> thing, boolean letIn, String... authorization) {
        String path = route.path().replace("{context}", context);
        for (Map.Entry<String, String> variable : thing.entrySet()) {
            path = path.replace("{" + variable.getKey() + "}", variable.getValue());
        }
        JsonNode operation = operation(route);
        boolean streams = operation.at("/responses/200/content").has("text/event-stream");
        String[] headers = letIn && streams ? new String[] {"Last-Event-ID", "none"} : new String[0];
        return running.api(authorization)
                .send(
                        route.method(),
                        // What is left names what operators look for, such as a parked event.
                        path.replaceAll("\\{[^}]*}", "7"),
                        operation
                                .at("/requestBody/content/application~1json/example")
                                .toString(),
                        headers)
                .join();
    }

    private JsonNode operation(ApiOperation route) {
        for (String name : List.of(context, "administration")) {
            JsonNode content = DOCUMENTS.computeIfAbsent(
                    name, first -> ApiDocument.named(first).content());
            JsonNode found =
                    content.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
            if (!found.isMissingNode()) {
                return found;
            }
        }
        throw new IllegalArgumentException("No document lists " + route);
    }

    /**
     * What a client could tell answers apart by, but for the path that it asked for and what names this one request.
     */
    private static String shape(Answer answer) {
        Map<String, List<String>> headers = answer.headers();
        return "%d %s %s %s %s"
                .formatted(
                        answer.status(),
                        headerNames(answer),
                        headers.get("www-authenticate"),
                        headers.get("content-type"),
                        without(answer, "instance", "traceId"));
    }

    private static JsonNode without(Answer answer, String... fields) {
        JsonNode body = answer.body().deepCopy();
        if (body instanceof ObjectNode problem) {
            problem.remove(List.of(fields));
        }
        return body;
    }

    /** Servers end a connection after so many requests, whatever they were about. */
    private static Set<String> headerNames(Answer answer) {
        Set<String> names = new TreeSet<>(answer.headers().keySet());
        names.removeAll(Set.of("connection", "keep-alive"));
        return names;
    }
}
