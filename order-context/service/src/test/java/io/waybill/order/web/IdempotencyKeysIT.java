package io.waybill.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.kernel.CustomerId;
import io.waybill.order.OrderFixtures;
import io.waybill.testing.TestServers;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class IdempotencyKeysIT {

    private static final CustomerId ADA = CustomerId.of("cus_ada");
    private static final CustomerId EVE = CustomerId.of("cus_eve");

    @Test
    void a_key_belongs_to_its_customer_and_is_known_for_more_than_a_day() {
        DataSource database = TestServers.freshDatabase("order_keys").dataSource();
        new ResourceDatabasePopulator(new ClassPathResource("db/order/V1001__order.sql")).execute(database);
        JdbcClient jdbc = JdbcClient.create(database);
        IdempotencyKeys keys = new IdempotencyKeys(jdbc);
        IdempotencyKeys.Entry entry = new IdempotencyKeys.Entry("hash", OrderFixtures.ORDER);
        IdempotencyKey key = new IdempotencyKey("key");
        IdempotencyKey older = new IdempotencyKey("older");
        assertThat(keys.take(ADA, key, entry)).isTrue();
        assertThat(keys.take(EVE, key, entry)).isTrue();
        assertThat(keys.take(ADA, key, entry)).isFalse();
        assertThat(keys.take(ADA, older, entry)).isTrue();

        jdbc.sql("update idempotency_key set created_at = now() - interval '24 hours 1 minute' where key = 'key'")
                .update();
        jdbc.sql("update idempotency_key set created_at = now() - interval '49 hours' where key = 'older'")
                .update();
        keys.forgetOld();

        assertThat(keys.take(ADA, key, entry)).isFalse();
        assertThat(keys.get(ADA, key)).isEqualTo(entry);
        assertThat(keys.take(ADA, older, entry)).isTrue();
    }
}
