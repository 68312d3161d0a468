using System.Collections.ObjectModel;

namespace Platform.Domain.Orders;

/// <summary>Lines by their number, in whatever order the database gives them.</summary>
internal sealed class OrderLines : Collection<OrderLine>
{
    protected override void InsertItem(int index, OrderLine item)
    {
        while (index > 0 && this[index - 1].LineNumber > item.LineNumber)
        {
            index--;
        }

        base.InsertItem(index, item);
    }
}
