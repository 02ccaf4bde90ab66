package io.waybill.gateway.identity;

import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Says so where an external provider has taken over. */
@RestController
@ConditionalOnExpression(ForeignAccounts.CONDITION)
final class AccountsElsewhereController {

    @PostMapping({"/api/users/register", "/api/users/login", "/api/admin/gateway/keys/rotation"})
    Mono<Void> accounts() {
        return elsewhere();
    }

    @GetMapping("/.well-known/jwks.json")
    Mono<Void> keys() {
        return elsewhere();
    }

    private static Mono<Void> elsewhere() {
        return Mono.error(new RefusedRequest(ProblemCode.ACCOUNTS_ELSEWHERE));
    }
}
