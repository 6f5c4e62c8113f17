#include <utility>
#include <vector>

#include "kept_sheets.hpp"
#include "ocop/exchange/sheets_ranking.hpp"
#include "ocop/ranking/flip.hpp"
#include "ocop/ranking/parallel.hpp"
#include "ocop/ranking/robustness.hpp"

namespace ocop {

std::vector<product_confidence> confidence_of_sheets(const sheets_csv_reader& from,
                                                     const verdict_rules& rules,
                                                     std::uint32_t replications, std::uint64_t seed,
                                                     std::size_t threads) {
    std::vector<product_confidence> made(from.products());
    const in_threads run(threads);
    std::vector<std::uint64_t> keys;
    detail::for_even_batches(from, rules.size(), [&](const detail::even_batch& some) {
        const sheet_batch batch = some.batch();
        keys.clear();
        for (const std::uint32_t p : some.products) keys.push_back(stream_key(from.product(p)));
        replication_options options;
        options.seed = seed;
        options.replications = replications;
        options.keys = keys;
        std::vector<star_odds> drawn(batch.products);
        std::vector<star_odds> without(batch.products);
        std::vector<flip_counts> flips(batch.products);
        robustness(rules, batch, uncertainty{}, options, drawn, run);
        leave_one_out(rules, batch, without, run);
        count_flips(rules, batch, flips, run);
        for (std::size_t i = 0; i < batch.products; ++i) {
            product_confidence& one = made[some.products[i]];
            one.replications = drawn[i].replications();
            one.ended = drawn[i].ranked;
            one.rejected = drawn[i].rejected;
            one.score_again = drawn[i].score_again;
            one.fewest_without = without[i].fewest();
            one.most_without = without[i].most();
            one.flip_up = flips[i].up;
            one.flip_down = flips[i].down;
            const verdict told = from.decide(some.products[i]);
            if (told.outcome != outcome::ranked) continue;
            const share_estimate share = drawn[i].share(stars(told.stars));
            one.low = share.low;
            one.high = share.high;
        }
    });
    return made;
}

}  // namespace ocop
