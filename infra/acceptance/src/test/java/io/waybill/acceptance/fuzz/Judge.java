package io.waybill.acceptance.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.waybill.acceptance.fuzz.Grammar.Operation;
import io.waybill.acceptance.fuzz.Wire.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Says what is wrong with an answer. */
final class Judge {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Names of classes, lines of stack traces, SQL and what PostgreSQL says about it. */
    private static final Pattern INSIDES = Pattern.compile("\\b(?:java|javax|jakarta|jdk|sun|org|com|io|reactor|kotlin)"
            + "\\.[a-z]\\w*\\.(?:[a-z]\\w*\\.)*[A-Z]\\w+"
            + "|\\w(?:Exception|Error)\\b"
            + "|\\bat [a-z]\\w*\\.[\\w.$]+\\("
            + "|(?i:\\bselect\\b.{1,200}\\bfrom\\b|\\binsert into\\b|\\bSQLSTATE\\b|\\bPSQL\\w+|bad SQL grammar)"
            + "|(?i:invalid byte sequence|violates .{1,40} constraint)");

    private static final List<String> CLUES = List.of("Exception", "Error", "\\tat ", "SQL");

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final int LOOKS = 100;

    private final Map<String, AtomicInteger> looks = new ConcurrentHashMap<>();
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();
    private final Grammar grammar;

    Judge(Grammar grammar) {
        this.grammar = grammar;
    }

    /** Nothing where the answer is as it should be. */
    Optional<String> complaint(FuzzedRequest request, Reply reply) {
        int status = reply.status();
        Optional<Operation> operation = grammar.find(request.method(), request.path());
        if (tellsInsides(reply, operation)) {
            return Optional.of("tells insides");
        }
        if ((status >= 200 && status < 300) || status == 304) {
            return operation.filter(it -> !request.isHead()).flatMap(it -> misshapen(it, reply));
        }
        if (status < 400) {
            return Optional.of("is neither an answer nor a problem");
        }
        if (reply.header("content-type")
                .filter("application/problem+json"::equals)
                .isEmpty()) {
            return Optional.of("is no problem document");
        }
        if (request.isHead()) {
            return status >= 500 && !isOwed(request, status) ? Optional.of("is a failure") : Optional.empty();
        }
        JsonNode problem = parsed(reply);
        if (problem == null || problem.path("status").asInt() != status) {
            return Optional.of("is no problem document");
        }
        String code = problem.path("code").asText();
        if (status >= 500 && !isOwed(request, code)) {
            return Optional.of("is a failure: " + code);
        }
        boolean known = operation.map(it -> it.mayAnswer(status, code)).orElseGet(() -> grammar.knows(code));
        return known ? Optional.empty() : Optional.of("has a code that the document does not name: " + code);
    }

    /** Looks at the first answers of each kind only, because the look takes longer than the answer. */
    private Optional<String> misshapen(Operation operation, Reply reply) {
        JsonNode schema = operation.answers().get(reply.status());
        String kind = operation.id() + reply.status();
        if (schema == null || !isAmongTheFirst(kind)) {
            return Optional.empty();
        }
        JsonNode body = parsed(reply);
        return body != null
                        && schemas.computeIfAbsent(kind, key -> SCHEMAS.getSchema(schema))
                                .validate(body)
                                .isEmpty()
                ? Optional.empty()
                : Optional.of("is not of the documented form");
    }

    /**
     * RFC 9111, section 5.2.1.7: 504 is the answer where nothing is stored and nothing else is wanted. And what an
     * operator has replayed, with success, cannot be asked while it is rebuilt.
     */
    private static boolean isOwed(FuzzedRequest request, String code) {
        return (code.equals("NOT_STORED") && request.says("only-if-cached")) || code.equals("READ_MODEL_REBUILDING");
    }

    /** The same where there is no document to look at. */
    private static boolean isOwed(FuzzedRequest request, int status) {
        return (status == 504 && request.says("only-if-cached")) || status == 503;
    }

    private boolean tellsInsides(Reply reply, Optional<Operation> operation) {
        if (reply.headers().stream().anyMatch(line -> INSIDES.matcher(line).find())) {
            return true;
        }
        // The page that shows the document brings a library of its own.
        boolean ofDocument = operation.filter(it -> it.isOf("documents")).isPresent() && reply.status() == 200;
        return !ofDocument
                && isWorthALook(reply, operation)
                && INSIDES.matcher(reply.body()).find();
    }

    /** What a failure tells is short; of long lists of what was asked for, most are looked at for their clues only. */
    private boolean isWorthALook(Reply reply, Optional<Operation> operation) {
        return reply.status() >= 400
                || CLUES.stream().anyMatch(reply.body()::contains)
                || operation.filter(it -> isAmongTheFirst("inside " + it.id())).isPresent();
    }

    private boolean isAmongTheFirst(String kind) {
        return looks.computeIfAbsent(kind, key -> new AtomicInteger()).incrementAndGet() <= LOOKS;
    }

    static JsonNode parsed(Reply reply) {
        try {
            return JSON.readTree(reply.body());
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
