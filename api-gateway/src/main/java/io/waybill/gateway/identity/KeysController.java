package io.waybill.gateway.identity;

import io.waybill.gateway.identity.SigningKeys.Rotation;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Publishes the public keys; operators make new ones. */
@RestController
@ConditionalOnExpression(OwnAccounts.CONDITION)
final class KeysController {

    /** Readers that keep them longer than a new key is published before it signs would miss it. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final SigningKeys keys;

    KeysController(SigningKeys keys) {
        this.keys = keys;
    }

    @GetMapping(path = "/.well-known/jwks.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> publicKeys() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(FRESH).cachePublic())
                .body(keys.published().toJSONObject());
    }

    @PostMapping(path = "/api/admin/gateway/keys/rotation", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Mono<Rotation> rotate() {
        return Mono.fromSupplier(keys::rotate).subscribeOn(Schedulers.boundedElastic());
    }
}
