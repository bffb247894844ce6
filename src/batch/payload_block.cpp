#include "batch/payload_block.h"

namespace ringmaker::batch {

PayloadBlock::PayloadBlock(const model::Predictor& predictor, size_t rows_max)
    : predictor_(predictor),
      rows_(predictor.schema().feature_count(), 64),
      scores_(predictor.output().score_columns(), 0),
      writer_(rows_, data::BlockWriter::Growth::kGrows, rows_max) {}

void PayloadBlock::commit() { scores_.reserve(rows_.rows()); }

}  // namespace ringmaker::batch
