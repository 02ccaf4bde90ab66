package io.waybill.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.waybill.gateway.GatewayApplication;
import io.waybill.security.Access;
import io.waybill.security.ApiDocument;
import io.waybill.security.ApiDocument.ApiOperation;
import io.waybill.testing.TestServers;
import io.waybill.testing.TokenMutations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class IdentityIT {

    private static final String PASSWORD = "twelve analytical engines";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<ConfigurableApplicationContext> GATEWAYS = new ArrayList<>();

    @TempDir
    private static Path folder;

    /** Stands for all contexts: whatever gets past the door is answered 204. */
    private static HttpServer behind;

    private static WebTestClient client;
    private static WebTestClient other;

    @BeforeAll
    static void start() throws IOException {
        var settings = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--waybill.data-folder=" + folder.resolve("gateway"),
                "--waybill.identity.key-lead=1s",
                "--spring.data.redis.port=1",
                "--spring.rabbitmq.port=1",
                // All register and log in from one address here.
                "--waybill.gateway.limits.policies.register.quota=10000",
                "--waybill.gateway.limits.policies.login.quota=10000",
                "--waybill.gateway.limits.policies.reading.quota=100000",
                "--waybill.gateway.limits.policies.administration.quota=100000",
                "--waybill.gateway.limits.policies.ordering.quota=100000",
                "--waybill.gateway.limits.policies.other.quota=100000",
                "--waybill.identity.key-check=100ms"));
        TestServers.freshDatabase("gateway")
                .springProperties()
                .forEach((name, value) -> settings.add("--" + name + "=" + value));
        behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        behind.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        behind.start();
        for (var context : List.of("order", "payment", "inventory", "shipping")) {
            settings.add("--waybill.gateway.contexts." + context + "=http://127.0.0.1:"
                    + behind.getAddress().getPort());
        }
        client = startOne(settings);
        other = startOne(settings);
    }

    private static WebTestClient startOne(List<String> settings) {
        var gateway = GatewayApplication.start(settings.toArray(String[]::new));
        GATEWAYS.add(gateway);
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + gateway.getEnvironment().getRequiredProperty("local.server.port"))
                .responseTimeout(Duration.ofSeconds(20))
                .build();
    }

    @AfterAll
    static void stop() {
        GATEWAYS.forEach(ConfigurableApplicationContext::close);
        behind.stop(0);
    }

    @Test
    void who_registers_can_log_in() throws Exception {
        var email = freshEmail();

        var account = register(email, PASSWORD, "Ada Lovelace");
        assertThat(account.getStatus().value()).isEqualTo(201);
        assertThat(body(account).path("email").asText()).isEqualTo(email);

        var login = logIn(email.toUpperCase(Locale.ROOT), PASSWORD);
        assertThat(login.getStatus().value()).isEqualTo(200);
        assertThat(login.getResponseHeaders().getCacheControl()).isEqualTo("no-store");
        assertThat(body(login).path("token_type").asText()).isEqualTo("Bearer");
        assertThat(body(login).path("expires_in").asInt()).isEqualTo(900);
        var claims = SignedJWT.parse(body(login).path("access_token").asText()).getJWTClaimsSet();
        assertThat(claims.getSubject())
                .isEqualTo(body(account).path("customerId").asText());
        assertThat(claims.getIssuer()).isEqualTo("urn:waybill:gateway");
        assertThat(claims.getAudience()).containsExactly("waybill");
        assertThat(claims.getStringClaim("email")).isEqualTo(email);
        assertThat(claims.getStringListClaim("roles")).containsExactly("customer");
        assertThat(claims.getJWTID()).isNotBlank();
        assertThat(claims.getExpirationTime().toInstant())
                .isEqualTo(claims.getIssueTime().toInstant().plusSeconds(900));
    }

    @Test
    void accounts_and_keys_are_told_in_json_or_not_at_all() {
        client.get()
                .uri("/.well-known/jwks.json")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isEqualTo(406);
        client.post()
                .uri("/api/users/login")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"email\":\"a@example.org\",\"password\":\"" + PASSWORD + "\"}")
                .exchange()
                .expectStatus()
                .isEqualTo(406);
    }

    @Test
    void an_address_has_one_account() {
        var email = freshEmail();
        register(email, PASSWORD, "Ada");

        var again = register(" " + email.toUpperCase(Locale.ROOT), "another password", "Eve");

        assertThat(again.getStatus().value()).isEqualTo(409);
        assertThat(body(again).path("code").asText()).isEqualTo("EMAIL_TAKEN");
        assertThat(logIn(email, PASSWORD).getStatus().value()).isEqualTo(200);
    }

    @Test
    void a_login_that_fails_does_not_tell_why() {
        var email = freshEmail();
        register(email, PASSWORD, "Ada");

        var answers = Stream.of(
                        logIn(email, "wrong password"), logIn(freshEmail(), PASSWORD), logIn("no address", PASSWORD))
                .map(answer -> answer.getStatus().value()
                        + " " + answer.getResponseHeaders().getFirst("WWW-Authenticate") + " "
                        + new String(answer.getResponseBodyContent(), StandardCharsets.UTF_8)
                                .replaceFirst("\"traceId\":\"[0-9a-f]{32}\"", ""))
                .distinct()
                .toList();

        assertThat(answers).singleElement().asString().startsWith("401 Bearer").contains("INVALID_CREDENTIALS");
    }

    @Test
    void a_login_takes_as_long_where_there_is_no_account() {
        var email = freshEmail();
        register(email, PASSWORD, "Ada");
        logIn(email, "warm up");
        logIn(freshEmail(), "warm up");

        var known = fastest(() -> logIn(email, "wrong password"));
        var unknown = fastest(() -> logIn(freshEmail(), "wrong password"));

        assertThat((double) unknown / known).isBetween(0.5, 2.0);
    }

    @ParameterizedTest
    @CsvSource({
        "short, INVALID_VALUE, 400",
        "password123, PASSWORD_TOO_COMMON, 422",
        "PASSWORD123, PASSWORD_TOO_COMMON, 422",
    })
    void a_password_is_long_enough_and_not_what_everybody_tries_first(String password, String code, int status) {
        var answer = register(freshEmail(), password, "Ada");

        assertThat(answer.getStatus().value()).isEqualTo(status);
        assertThat(body(answer).path("code").asText()).isEqualTo(code);
    }

    @Test
    void every_byte_of_a_long_password_counts() {
        var email = freshEmail();
        var password = "ü".repeat(127);
        register(email, password + "a", "Ada");

        assertThat(logIn(email, password + "a").getStatus().value()).isEqualTo(200);
        assertThat(logIn(email, password + "b").getStatus().value()).isEqualTo(401);
        assertThat(register(freshEmail(), "x".repeat(129), "Ada").getStatus().value())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"email\":\"a@b.example\",\"password\":\"long enough\"}",
                "{\"email\":\"nonsense\",\"password\":\"long enough\",\"name\":\"Ada\"}",
                "{\"email\":\"a@b.example\",\"password\":\"long enough\",\"name\":\" \"}",
                "{\"email\":\"a@b.example\",\"password\":\"long enough\",\"name\":\"Ada\",\"role\":\"operator\"}",
                "{\"email\":\"a@b.example\",\"password\":\"long enough\",\"name\":5}",
                "{\"email\":\"a@b.example\",\"password\":\"long enough\",\"name\":\"\\ud800\"}",
                "{\"email\":\"a@b.example\",\"email\":\"c@b.example\",\"password\":\"long enough\",\"name\":\"Ada\"}",
                "{\"email\":\"a@b.example\",\"password\":\"long enough\",\"name\":\"Ada\"} {}",
            })
    void what_is_no_registration_is_refused(String body) {
        var answer = client.post()
                .uri("/api/users/register")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectBody()
                .returnResult();

        assertThat(answer.getStatus().value()).isEqualTo(400);
        assertThat(body(answer).path("code").asText())
                .isIn("MALFORMED_REQUEST", "UNKNOWN_FIELD", "INVALID_VALUE", "BAD_REQUEST");
    }

    @Test
    void passwords_are_kept_as_argon2id_hashes() {
        register(freshEmail(), PASSWORD, "Ada");

        assertThat(JdbcClient.create(GATEWAYS.getFirst().getBean(DataSource.class))
                        .sql("select password_hash from account")
                        .query(String.class)
                        .list())
                .isNotEmpty()
                .allSatisfy(hash -> assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    @Test
    void the_operators_password_is_drawn_once_and_only_their_system_reads_it() throws Exception {
        var file = folder.resolve("gateway").resolve("operator-password");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("gateway").resolve("keys.json"))))
                .isEqualTo("rw-------");
        var claims = SignedJWT.parse(operatorToken()).getJWTClaimsSet();
        assertThat(claims.getStringListClaim("roles")).containsExactly("operator");
    }

    @Test
    void no_private_part_of_a_key_is_published() throws Exception {
        var set = get(client, "/.well-known/jwks.json");

        assertThat(set.findValues("d")).isEmpty();
        assertThat(JWKSet.parse(set.toString()).getKeys()).isNotEmpty().allSatisfy(key -> {
            assertThat(key.isPrivate()).isFalse();
            assertThat(key.getAlgorithm().getName()).isEqualTo("ES256");
        });
    }

    @Test
    void a_new_key_takes_over_everywhere_and_nobody_is_logged_out() throws Exception {
        var before = operatorToken();
        var old = SignedJWT.parse(before).getHeader().getKeyID();

        var rotation = client.post()
                .uri("/api/admin/gateway/keys/rotation")
                .header("Authorization", "Bearer " + before)
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .returnResult();
        var fresh = body(rotation).path("keyId").asText();

        assertThat(fresh).isNotEqualTo(old);
        for (var gateway : List.of(client, other)) {
            await().until(() -> get(gateway, "/.well-known/jwks.json")
                    .findValuesAsText("kid")
                    .contains(fresh));
            await().until(() -> SignedJWT.parse(operatorToken(gateway))
                    .getHeader()
                    .getKeyID()
                    .equals(fresh));
            assertThat(get(gateway, "/.well-known/jwks.json").findValuesAsText("kid"))
                    .contains(old);
            assertThat(isBelieved(gateway, before)).isTrue();
            assertThat(isBelieved(gateway, operatorToken(client))).isTrue();
        }
    }

    @Test
    void a_good_token_is_believed() throws Exception {
        assertThat(isBelieved(client, operatorToken())).isTrue();
    }

    @Test
    void every_mutation_of_a_token_is_refused_in_the_same_way_on_every_protected_route() throws Exception {
        var good = operatorToken();
        var mutations =
                TokenMutations.of(good, signingKey(good), SignedJWT.parse(good).getJWTClaimsSet());
        var routes = protectedRoutes();
        Set<String> shapes = new HashSet<>();
        List<String> believed = new ArrayList<>();

        for (var route : routes) {
            for (var mutation : mutations.entrySet()) {
                var answer = ask(route, mutation.getValue());
                shapes.add(shape(answer));
                if (answer.getStatus().value() != 401) {
                    believed.add(mutation.getKey() + " at " + route + ": " + answer.getStatus());
                }
            }
        }

        assertThat(mutations).hasSizeGreaterThanOrEqualTo(60).doesNotContainValue(List.of("Bearer " + good));
        assertThat(routes).hasSizeGreaterThanOrEqualTo(20);
        assertThat(believed).isEmpty();
        assertThat(shapes).hasSize(1);
    }

    @Test
    void a_token_in_the_query_is_none() throws Exception {
        client.get()
                .uri("/api/orders?access_token=" + operatorToken())
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    @Test
    void an_old_token_shuts_nobody_out_where_anyone_may_come_in() {
        client.get()
                .uri("/.well-known/jwks.json")
                .header("Authorization", "Bearer nonsense")
                .exchange()
                .expectStatus()
                .isOk();
    }

    private static List<ApiOperation> protectedRoutes() {
        return Stream.of("gateway", "order", "payment", "inventory", "shipping", "administration")
                .flatMap(name -> ApiDocument.named(name).operations().stream())
                .filter(operation -> !operation.internal() && operation.access() != Access.ANYONE)
                .toList();
    }

    private static EntityExchangeResult<byte[]> ask(ApiOperation route, List<String> authorization) {
        var path = route.path().replace("{context}", "order").replaceAll("\\{[^}]*}", "7");
        var request = client.method(HttpMethod.valueOf(route.method())).uri(path);
        request.headers(headers -> headers.addAll("Authorization", authorization));
        return request.exchange().expectBody().returnResult();
    }

    /** What a client could tell answers apart by, but for the path that it asked for. */
    private static String shape(EntityExchangeResult<byte[]> answer) {
        var body = body(answer);
        ((ObjectNode) body).remove(List.of("instance", "traceId"));
        var headers = answer.getResponseHeaders();
        return String.join(
                " ",
                answer.getStatus().toString(),
                new TreeSet<>(headers.keySet()).toString(),
                headers.getFirst("WWW-Authenticate"),
                String.valueOf(headers.getContentType()),
                body.toString());
    }

    private static ECKey signingKey(String token) throws Exception {
        var keys = JWKSet.load(folder.resolve("gateway").resolve("keys.json").toFile());
        return keys.getKeyByKeyId(SignedJWT.parse(token).getHeader().getKeyID()).toECKey();
    }

    private static boolean isBelieved(WebTestClient gateway, String token) {
        var answer = gateway.get()
                .uri("/api/admin/order/events")
                .header("Authorization", "Bearer " + token)
                .exchange()
                .expectBody()
                .returnResult();
        return answer.getStatus().value() == 204;
    }

    private static String operatorToken() throws Exception {
        return operatorToken(client);
    }

    private static String operatorToken(WebTestClient gateway) throws Exception {
        var password = Files.readString(folder.resolve("gateway").resolve("operator-password"))
                .strip();
        return body(post(gateway, "/api/users/login", Map.of("email", "operator@waybill.local", "password", password)))
                .path("access_token")
                .asText();
    }

    private static EntityExchangeResult<byte[]> register(String email, String password, String name) {
        return post(client, "/api/users/register", Map.of("email", email, "password", password, "name", name));
    }

    private static EntityExchangeResult<byte[]> logIn(String email, String password) {
        return post(client, "/api/users/login", Map.of("email", email, "password", password));
    }

    private static EntityExchangeResult<byte[]> post(WebTestClient gateway, String path, Map<String, String> body) {
        return gateway.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectBody()
                .returnResult();
    }

    private static JsonNode get(WebTestClient gateway, String path) {
        return body(gateway.get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult());
    }

    private static JsonNode body(EntityExchangeResult<byte[]> answer) {
        try {
            return JSON.readTree(answer.getResponseBodyContent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String freshEmail() {
        return UUID.randomUUID() + "@example.org";
    }

    private static long fastest(Runnable action) {
        var nanos = new long[8];
        Arrays.setAll(nanos, i -> {
            var begin = System.nanoTime();
            action.run();
            return System.nanoTime() - begin;
        });
        return Arrays.stream(nanos).min().orElseThrow();
    }
}
