// PandasCategories: the texts that stand for the codes of a model that was trained on a data frame.
#pragma once

#include "base/result.h"
#include "model/import/lightgbm/lightgbm_file.h"

#include <string>
#include <vector>

namespace ringmaker::model {

/// One list a feature, code by code, as data::Schema has it; empty where no feature has texts. The
/// file has a list for each column that was categorical, in their order, and does not say which
/// these are: they are those of the parameter categorical_feature, or those whose feature_infos are
/// lists of categories, where the numbers agree. Otherwise, and where categories are no texts,
/// codes are what rows hold. kCorrupt for what is no list of lists.
[[nodiscard]] base::Result<std::vector<std::vector<std::string>>> pandas_categories(
    const LightgbmFile& file);

}  // namespace ringmaker::model
