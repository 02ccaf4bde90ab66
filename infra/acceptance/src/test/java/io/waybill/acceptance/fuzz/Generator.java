package io.waybill.acceptance.fuzz;

import static io.waybill.acceptance.fuzz.Odd.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.acceptance.fuzz.Grammar.Operation;
import io.waybill.acceptance.fuzz.Grammar.Parameter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Makes requests out of the grammar: good ones with one or two things wrong. A request follows from the seed, its
 * number and what the system has said before, so that any of them can be made again.
 */
final class Generator {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private static final int USUAL = 100;

    /** Operations that cost the system much by design, or that the gateway answers itself. */
    private static final Map<String, Integer> RARE = Map.ofEntries(
            Map.entry("register", 1),
            Map.entry("logIn", 1),
            Map.entry("rotateKeys", 1),
            Map.entry("replayProcessor", 4),
            Map.entry("followOrder", 10),
            Map.entry("listPublicKeys", 5),
            Map.entry("listProcessors", 30),
            Map.entry("listParked", 30),
            Map.entry("showDocument", 1),
            Map.entry("browseDocument", 2),
            Map.entry("loadPagePart", 5));

    private static final List<String> METHODS = List.of(
            "HEAD", "HEAD", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "POSTS");

    private static final List<String> STRANGE_TOKENS = List.of(
            "",
            "Bearer",
            "Bearer ",
            "Bearer x",
            "Bearer a.b.c",
            "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
            "Bearer $CUSTOMER_TOKENx",
            "Bearer x$OPERATOR_TOKEN",
            "Bearer $CUSTOMER_TOKEN $OPERATOR_TOKEN",
            "bearer\t$CUSTOMER_TOKEN",
            "Basic b3BlcmF0b3I6b3BlcmF0b3I=",
            "Digest username=\"x\"",
            "Bearer " + "x".repeat(4_000),
            "Bearer " + ".".repeat(1_000),
            "Bearer \u00ff\u00fe");

    /** Headers that mean something, with values that do, and some that nearly do. */
    private static final Map<String, List<String>> HEADERS = Map.ofEntries(
            Map.entry(
                    "Accept",
                    List.of(
                            "*/*",
                            "application/json",
                            "text/html",
                            "application/xml;q=0.9",
                            "text/event-stream",
                            ",",
                            "a",
                            "*/json",
                            "application/json;q=7",
                            "application/json;q=",
                            "application/json;charset=\"",
                            "application/problem+json")),
            Map.entry("Accept-Charset", List.of("utf-8", "x-none", "*")),
            Map.entry("Accept-Encoding", List.of("gzip", "br", "identity;q=0", "*;q=0", "gzip;q=nan")),
            Map.entry("Accept-Language", List.of("de", "xx-yy-zz", "*;q=2", "-", "de;q=1;q=2", "\u00e9")),
            Map.entry(
                    "Cache-Control",
                    List.of(
                            "no-cache",
                            "no-store",
                            "max-age=0",
                            "max-age=-1",
                            "max-age=99999999999999999999",
                            "max-stale",
                            "min-fresh=x",
                            "only-if-cached",
                            "max-age=\"",
                            "=,=")),
            Map.entry(
                    "Content-Type",
                    List.of(
                            "application/json",
                            "application/json;charset=utf-16",
                            "application/json;charset=x-none",
                            "text/plain",
                            "application/xml",
                            "multipart/form-data",
                            "multipart/form-data;boundary=\"",
                            "application/x-www-form-urlencoded",
                            "application/",
                            "/",
                            "application/json;charset=\"",
                            "application/json; charset=utf-8; charset=iso-8859-1",
                            "application/cloudevents+json")),
            Map.entry("Content-Encoding", List.of("gzip", "identity", "deflate", "x", "gzip, gzip")),
            Map.entry("Cookie", List.of("a=b", "=", ";;", "a=\"", "$Version=1; a=b", "a=\u00ff")),
            Map.entry("Expect", List.of("100-continue", "x")),
            Map.entry("Forwarded", List.of("for=1.2.3.4", "for=\"[::1]:99999\"", "for=;;by", "host=example.org")),
            Map.entry("From", List.of("a@example.org", "\u00ff")),
            Map.entry(
                    "Idempotency-Key",
                    List.of(
                            "k1",
                            "\"k1\"",
                            "\"",
                            "\"\"",
                            "\"a\\\"",
                            "x".repeat(200),
                            "x".repeat(201),
                            "\u00e9",
                            "\t",
                            "a,b")),
            Map.entry("If-Match", List.of("*", "\"x\"", "W/\"x\"", "\"")),
            Map.entry(
                    "If-Modified-Since",
                    List.of(
                            "Sun, 06 Nov 1994 08:49:37 GMT",
                            "Sun, 99 Nov 1994 08:49:37 GMT",
                            "0",
                            "Sunday, 06-Nov-94 08:49:37 GMT",
                            "Fri, 31 Dec 999999999 23:59:59 GMT")),
            Map.entry("If-None-Match", List.of("*", "\"x\"", "W/\"x\"", "\"", "x", "\"a\", \"b\",", ",", "\"\u00ff\"")),
            Map.entry("If-Range", List.of("\"x\"", "Sun, 06 Nov 1994 08:49:37 GMT", "x")),
            Map.entry("If-Unmodified-Since", List.of("Sun, 06 Nov 1994 08:49:37 GMT", "x")),
            Map.entry(
                    "Last-Event-ID",
                    List.of(
                            "0:0",
                            "1:1",
                            "-1:0",
                            "999999999999999999:999999999999999999",
                            "9999999999999999999:0",
                            ":",
                            "x",
                            "1:2:3",
                            "\u00ff")),
            Map.entry("Max-Forwards", List.of("0", "-1", "x")),
            Map.entry("Origin", List.of("null", "http://example.org", "x", "http://", "http://[", "http://a:b")),
            Map.entry("Access-Control-Request-Method", List.of("POST", "x y", "")),
            Map.entry("Pragma", List.of("no-cache")),
            Map.entry(
                    "Prefer",
                    List.of(
                            "wait=0",
                            "wait=1",
                            "wait=-1",
                            "wait=99999999999999999999",
                            "wait=1;wait=2",
                            "wait=\"1",
                            "wait",
                            "wait=a",
                            "respond-async, wait=0",
                            ",;,",
                            "return=minimal",
                            "WAIT = 1")),
            Map.entry(
                    "Range",
                    List.of(
                            "bytes=0-0",
                            "bytes=-1",
                            "bytes=5-1",
                            "bytes=0-",
                            "bytes=0-99999999999999999999",
                            "bytes=",
                            "bytes=0-0,2-3,5-7",
                            "items=0-5",
                            "bytes=--1")),
            Map.entry("Referer", List.of("http://example.org/", "\u00ff")),
            Map.entry("TE", List.of("trailers", "gzip;q=x")),
            Map.entry(
                    "traceparent",
                    List.of(
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "00-00000000000000000000000000000000-0000000000000000-00",
                            "ff-x-y-z",
                            "00-4BF9-00-1",
                            "-",
                            "00")),
            Map.entry("tracestate", List.of("a=b", "=", "a=" + "b".repeat(600), ",,,")),
            Map.entry("baggage", List.of("a=b", "=", "a=%zz", "a=" + "b".repeat(3_000))),
            Map.entry("Upgrade", List.of("h2c", "websocket", "x")),
            Map.entry("User-Agent", List.of("", "x".repeat(3_000), "\u00ff", "() { :; }; x")),
            Map.entry("Via", List.of("1.1 x", "x")),
            Map.entry("Waybill-Consistency", List.of("x", "", "MSBvcmRlciAxIDEgIA", "!!!", "x".repeat(500), "\u00ff")),
            Map.entry("Waybill-Client", List.of("x")),
            Map.entry("X-Forwarded-For", List.of("1.2.3.4", "x", "::1, 1.2.3.4", "1.2.3.4:99999", "[", ",")),
            Map.entry("X-Forwarded-Host", List.of("example.org", "a b", "[", "example.org:99999")),
            Map.entry("X-Forwarded-Port", List.of("0", "-1", "99999", "x")),
            Map.entry("X-Forwarded-Prefix", List.of("/x", "x", "//", "/../")),
            Map.entry("X-Forwarded-Proto", List.of("https", "x", "ht tp", "")),
            Map.entry("X-HTTP-Method-Override", List.of("DELETE", "x y")),
            Map.entry("X-Original-URL", List.of("/api/admin/processors", "\\", "%")),
            Map.entry("X-B3-TraceId", List.of("x", "0")),
            Map.entry("X-Request-Id", List.of("x", "\u00ff")));

    private static final List<String> HEADER_NAMES =
            HEADERS.keySet().stream().sorted().toList();

    private final Vocabulary vocabulary;
    private final long seed;
    private final List<Operation> choice = new ArrayList<>();

    Generator(Grammar grammar, Vocabulary vocabulary, long seed) {
        this.vocabulary = vocabulary;
        this.seed = seed;
        for (Operation operation : grammar.operations()) {
            for (int i = RARE.getOrDefault(operation.id(), USUAL); i > 0; i--) {
                choice.add(operation);
            }
        }
    }

    FuzzedRequest request(long number) {
        var random = new SplittableRandom(new SplittableRandom(seed).nextLong() ^ scattered(number));
        Operation operation = Odd.one(choice, random);
        var draft = new Draft(number, operation, random);
        if (random.nextInt(80) == 0) {
            return Malformed.request(number, draft.asIntended(), random);
        }
        draft.makeMistakes();
        return draft.request();
    }

    /** So that neighbours have nothing in common; murmur's last step. */
    private static long scattered(long number) {
        long mixed = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    /** A request with nothing wrong. */
    FuzzedRequest good(Operation operation, String token) {
        var draft = new Draft(0, operation, new SplittableRandom(seed));
        draft.authorization = "Bearer " + token;
        return draft.request();
    }

    /** A request while it is made. */
    private final class Draft {

        private final long number;
        private final Operation operation;
        private final RandomGenerator random;
        private String method;
        private String path;
        private String query;
        private String authorization;
        private byte[] body;
        private boolean chunked;
        private final List<String> headers = new ArrayList<>();

        Draft(long number, Operation operation, RandomGenerator random) {
            this.number = number;
            this.operation = operation;
            this.random = random;
            this.method = operation.method();
            this.path = path(-1);
            this.query = goodQuery();
            this.authorization = usualCaller();
            operation.body().ifPresent(example -> body = utf8(varied(example).toString()));
        }

        FuzzedRequest asIntended() {
            return request();
        }

        void makeMistakes() {
            boolean writes = !method.equals("GET");
            if (random.nextInt(100) < (writes ? 3 : 10)) {
                return;
            }
            makeMistake();
            while (random.nextInt(5) == 0) {
                makeMistake();
            }
        }

        private void makeMistake() {
            int kind = random.nextInt(100);
            if (kind < 3) {
                method = Odd.one(METHODS, random);
            } else if (kind < 9) {
                authorization = oddCaller();
            } else if (operation.body().isPresent() && kind < 63) {
                body = OddBody.of(varied(operation.body().get()), random);
                chunked = random.nextInt(10) == 0;
            } else {
                switch (random.nextInt(5)) {
                    case 0, 1 -> breakPath();
                    case 2 -> breakQuery();
                    default -> oddHeaders();
                }
            }
        }

        private String usualCaller() {
            return switch (operation.access()) {
                case "anyone" -> random.nextInt(4) > 0 ? null : "Bearer $CUSTOMER_TOKEN";
                case "operator" -> "Bearer $OPERATOR_TOKEN";
                case "customer" -> "Bearer $CUSTOMER_TOKEN";
                default -> random.nextInt(4) > 0 ? "Bearer $CUSTOMER_TOKEN" : "Bearer $OPERATOR_TOKEN";
            };
        }

        private String oddCaller() {
            return switch (random.nextInt(4)) {
                case 0 -> null;
                case 1 -> "Bearer $CUSTOMER_TOKEN";
                case 2 -> "Bearer $OPERATOR_TOKEN";
                default -> Odd.one(STRANGE_TOKENS, random);
            };
        }

        /** The example with values that the system knows where it has fields of the same names. */
        private JsonNode varied(JsonNode example) {
            JsonNode varied = example.deepCopy();
            vary(varied);
            return varied;
        }

        private void vary(JsonNode node) {
            if (node instanceof ObjectNode object) {
                object.properties().forEach(member -> {
                    if (member.getKey().equals("sku") && random.nextInt(3) > 0) {
                        member.setValue(object.textNode("NEVER-LISTED"));
                    }
                });
            }
            node.forEach(this::vary);
        }

        private String path(int oddParameter) {
            var parameters = operation.parametersIn("path");
            String filled = operation.path();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                String good = vocabulary.valueFor(parameter, random);
                String value =
                        i != oddParameter ? encoded(good) : random.nextInt(3) == 0 ? encoded(nearly(good)) : oddPart();
                filled = filled.replace("{" + parameter.name() + "}", value);
            }
            return filled;
        }

        private void breakPath() {
            var parameters = operation.parametersIn("path");
            // Of few values that there are, or of a path as a whole, nothing wrong gets past the gateway.
            var open = parameters.stream()
                    .filter(parameter -> !parameter.schema().has("enum"))
                    .toList();
            if (random.nextInt(8) > 0) {
                if (open.isEmpty()) {
                    breakQuery();
                } else {
                    path = path(parameters.indexOf(Odd.one(open, random)));
                }
                return;
            }
            if (!parameters.isEmpty() && random.nextInt(4) == 0) {
                path = path(random.nextInt(parameters.size()));
                return;
            }
            path = switch (random.nextInt(14)) {
                case 0 -> path + "/";
                case 1 -> path + "//";
                case 2 -> "/" + path;
                case 3 -> path + "/..";
                case 4 -> path + "/%2e%2e";
                case 5 -> path + ";a=b";
                case 6 -> path + ".json";
                case 7 -> path + "/" + oddPart();
                case 8 -> path.toUpperCase(Locale.ROOT);
                case 9 -> "/api/." + path;
                case 10 -> path.replace("/api", "/api%2f");
                case 11 -> path + oddPart();
                case 12 -> "/sandbox/payments";
                default -> path.replaceFirst("/(\\w)", "/%2e/$1");
            };
        }

        /** Another one of the same kind, which there may be or not. */
        private String nearly(String good) {
            int place = random.nextInt(good.length() + 1);
            String rest = good.substring(place);
            return switch (random.nextInt(4)) {
                case 0 -> good.substring(0, place);
                case 1 -> good.substring(0, place) + (char) random.nextInt('!', 0x7f) + rest;
                case 2 ->
                    good.substring(0, place) + rest.replaceFirst("[0-9a-z]", Integer.toString(random.nextInt(10)));
                default -> good.toUpperCase(Locale.ROOT);
            };
        }

        /** What may stand in a path or a query, though not always in a good one. */
        private String oddPart() {
            return switch (random.nextInt(12)) {
                case 0 ->
                    Odd.one(
                            List.of(
                                    "%",
                                    "%zz",
                                    "%u0041",
                                    "%00",
                                    "%2f",
                                    "%5c",
                                    "%2e%2e",
                                    "%252f",
                                    "%25",
                                    "..",
                                    ".",
                                    "%0d%0a",
                                    "%ED%A0%80",
                                    "%C0%AF",
                                    "%FF",
                                    "%E2%82",
                                    "*",
                                    "**",
                                    "{id}",
                                    "%7Bid%7D",
                                    "[",
                                    "|",
                                    "^",
                                    "\"",
                                    "<>",
                                    "\\",
                                    "a%20b",
                                    "+",
                                    "~",
                                    ",",
                                    "'",
                                    "(",
                                    "@",
                                    ":",
                                    "a:b",
                                    "=",
                                    "&",
                                    "$",
                                    "!"),
                            random);
                // Not encoded, as no URI may be.
                case 1 -> new String(utf8(Odd.text(random)), ISO_8859_1).replaceAll("[\\x00-\\x20\\x7f#]", "");
                case 2 -> encoded(new String(Odd.noUtf8(random), ISO_8859_1));
                case 3 -> Odd.number(random);
                default -> encoded(Odd.text(random));
            };
        }

        private String goodQuery() {
            return operation.parametersIn("query").stream()
                    .filter(parameter -> random.nextInt(4) == 0)
                    .map(parameter -> parameter.name() + "=" + encoded(vocabulary.valueFor(parameter, random)))
                    .collect(Collectors.joining("&"));
        }

        private void breakQuery() {
            var parameters = operation.parametersIn("query");
            String name =
                    parameters.isEmpty() ? "x" : Odd.one(parameters, random).name();
            String more = switch (random.nextInt(parameters.isEmpty() ? 7 : 20)) {
                case 0 -> oddPart() + "=" + oddPart();
                case 1 -> name;
                case 2 -> "=" + oddPart();
                case 3 -> "&&=&";
                case 4 -> name + "[]=1&" + name + "[a]=2";
                case 5 -> (name + "=1&").repeat(300);
                case 6 -> name + "=1;" + name + "=2";
                case 7 -> name + "=1&" + name + "=2";
                case 8, 9 -> name + "=" + Odd.number(random).replace('+', '-');
                case 10, 11 -> name + "=" + base64(Odd.text(random));
                default -> name + "=" + oddPart();
            };
            query = query.isEmpty() ? more : query + "&" + more;
        }

        private static String base64(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(utf8(text));
        }

        private void oddHeaders() {
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                var own = operation.parametersIn("header");
                String name = !own.isEmpty() && random.nextInt(3) == 0
                        ? Odd.one(own, random).name()
                        : Odd.one(HEADER_NAMES, random);
                headers.add(name + ": " + value(HEADERS.getOrDefault(name, List.of())));
            }
        }

        private String value(List<String> known) {
            if (!known.isEmpty() && random.nextInt(4) > 0) {
                return Odd.one(known, random);
            }
            // A line that ends, or a NUL, would be no header any more: those are sent too, elsewhere.
            return new String(utf8(Odd.text(random)), ISO_8859_1).replaceAll("[\\x00\\r\\n]", "");
        }

        FuzzedRequest request() {
            String target = query.isEmpty() ? path : path + "?" + query;
            var bytes = new ByteArrayOutputStream();
            line(bytes, method + " " + target + " HTTP/1.1");
            line(bytes, "Host: 127.0.0.1");
            line(bytes, FuzzedRequest.NUMBER + ": " + number);
            if (authorization != null) {
                line(bytes, "Authorization: " + authorization);
            }
            headers.forEach(header -> line(bytes, header));
            if (body != null && headers.stream().noneMatch(header -> header.startsWith("Content-Type:"))) {
                line(bytes, "Content-Type: application/json");
            }
            if (body == null) {
                line(bytes, "");
            } else if (chunked) {
                line(bytes, "Transfer-Encoding: chunked");
                line(bytes, "");
                writeChunks(bytes);
            } else {
                line(bytes, "Content-Length: " + body.length);
                line(bytes, "");
                bytes.writeBytes(body);
            }
            return new FuzzedRequest(number, method, target, bytes.toString(ISO_8859_1), true);
        }

        private void writeChunks(ByteArrayOutputStream bytes) {
            int from = 0;
            while (from < body.length) {
                int length = Math.min(body.length - from, random.nextInt(1, 64));
                line(bytes, Integer.toHexString(length));
                bytes.write(body, from, length);
                line(bytes, "");
                from += length;
            }
            line(bytes, "0");
            line(bytes, "");
        }
    }

    private static void line(ByteArrayOutputStream bytes, String line) {
        bytes.writeBytes((line + "\r\n").getBytes(ISO_8859_1));
    }

    /** Percent-encoded as a client would. */
    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte b : utf8(text)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~:".indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
